-- Charges of accounts that more than one source delivers for the same month, per period, with what decides whose are kept: rows of the
-- account, accounts and rows of the whole bill, and the days that the usage of the account spans (taxes are dated on the whole month).
-- FOCUS writes the fee of a commitment as two rows and a promotion as one of its own: without its purchases and credits, it has more rows
-- than the bill that it was made of only where it has more usage.
WITH delivered AS (
    SELECT
        totals.source,
        totals.period,
        coalesce(totals.billing_account_id, '') AS billing_account_id,
        coalesce(totals.sub_account_id, '') AS sub_account_id,
        totals.billing_month,
        totals.currency,
        totals.row_count,
        totals.billed_cost,
        coalesce(loads.source_type = 'focus', FALSE) AS is_focus,
        CASE
            WHEN loads.source_type = 'focus' AND lower(totals.charge_type) IN ('purchase', 'credit') THEN 0
            ELSE totals.row_count
        END AS comparable_rows,
        CASE WHEN lower(totals.charge_type) <> 'tax' THEN totals.first_usage_on END AS first_usage_on,
        CASE WHEN lower(totals.charge_type) <> 'tax' THEN totals.last_usage_on END AS last_usage_on
    FROM meta.load_totals AS totals
    INNER JOIN meta.loads AS loads
        ON totals.source = loads.source AND totals.period = loads.period AND totals.version = loads.version
    WHERE loads.is_current AND totals.billing_month IS NOT NULL
),

accounts AS (
    SELECT
        source,
        billing_account_id,
        sub_account_id,
        billing_month,
        sum(comparable_rows) AS account_rows,
        min(first_usage_on) AS first_usage_on,
        max(last_usage_on) AS last_usage_on
    FROM delivered
    GROUP BY source, billing_account_id, sub_account_id, billing_month
),

bills AS (
    SELECT
        source,
        billing_account_id,
        billing_month,
        count(*) AS bill_accounts,
        sum(account_rows) AS bill_rows
    FROM accounts
    GROUP BY source, billing_account_id, billing_month
),

repeated AS (
    SELECT
        billing_account_id,
        sub_account_id,
        billing_month
    FROM accounts
    GROUP BY billing_account_id, sub_account_id, billing_month
    HAVING count(*) > 1
)

SELECT
    delivered.source,
    delivered.period,
    delivered.billing_account_id,
    delivered.sub_account_id,
    delivered.billing_month,
    delivered.currency,
    CAST(sum(delivered.row_count) AS BIGINT) AS row_count,
    sum(delivered.billed_cost) AS billed_cost,
    CAST(max(accounts.account_rows) AS BIGINT) AS account_rows,
    CAST(max(bills.bill_accounts) AS BIGINT) AS bill_accounts,
    CAST(max(bills.bill_rows) AS BIGINT) AS bill_rows,
    bool_or(delivered.is_focus) AS is_focus,
    max(accounts.first_usage_on) AS first_usage_on,
    max(accounts.last_usage_on) AS last_usage_on
FROM delivered
INNER JOIN repeated
    ON
        delivered.billing_account_id = repeated.billing_account_id
        AND delivered.sub_account_id = repeated.sub_account_id
        AND delivered.billing_month = repeated.billing_month
INNER JOIN accounts
    ON
        delivered.source = accounts.source
        AND delivered.billing_account_id = accounts.billing_account_id
        AND delivered.sub_account_id = accounts.sub_account_id
        AND delivered.billing_month = accounts.billing_month
INNER JOIN bills
    ON
        delivered.source = bills.source
        AND delivered.billing_account_id = bills.billing_account_id
        AND delivered.billing_month = bills.billing_month
GROUP BY
    delivered.source,
    delivered.period,
    delivered.billing_account_id,
    delivered.sub_account_id,
    delivered.billing_month,
    delivered.currency
