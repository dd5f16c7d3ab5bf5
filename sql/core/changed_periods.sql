-- Bill periods whose roll-ups are made of another version than the current one, or were made in another way than $definition, or without
-- other accounts than are left out now.
WITH left_out_accounts AS (
    SELECT DISTINCT
        source,
        period,
        concat_ws('|', billing_account_id, coalesce(sub_account_id, ''), billing_month) AS account_month
    FROM meta.duplicate_charges
),

left_out AS (
    SELECT
        source,
        period,
        md5(string_agg(account_month, '; ' ORDER BY account_month)) AS fingerprint
    FROM left_out_accounts
    GROUP BY source, period
),

wanted AS (
    SELECT
        loads.source,
        loads.period,
        loads.version,
        concat_ws(' without ', $definition, left_out.fingerprint) AS definition
    FROM meta.loads AS loads
    LEFT JOIN left_out ON loads.source = left_out.source AND loads.period = left_out.period
    WHERE loads.is_current AND loads.source_type IN ('aws_cur', 'gcp_billing', 'focus')
)

SELECT
    wanted.source,
    wanted.period,
    wanted.version,
    wanted.definition
FROM wanted
LEFT JOIN meta.roll_ups AS roll_ups
    ON
        wanted.source = roll_ups.source
        AND wanted.period = roll_ups.period
        AND wanted.version = roll_ups.version
        AND wanted.definition = roll_ups.definition
WHERE roll_ups.version IS NULL
ORDER BY wanted.source, wanted.period
