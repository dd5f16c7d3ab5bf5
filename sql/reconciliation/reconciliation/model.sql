-- What was delivered, what core.charges and core.daily_cost made of it, and what was left out on purpose, by account, month and type.
WITH delivered AS (
    SELECT
        totals.source,
        totals.period,
        totals.billing_account_id,
        nullif(totals.sub_account_id, '') AS sub_account_id,
        totals.billing_month,
        totals.currency,
        totals.charge_type,
        totals.row_count,
        totals.billed_cost,
        left_out.kept_source IS NOT NULL AS is_left_out
    FROM meta.load_totals AS totals
    INNER JOIN meta.loads AS loads
        ON totals.source = loads.source AND totals.period = loads.period AND totals.version = loads.version
    LEFT JOIN meta.duplicate_charges AS left_out
        ON
            totals.source = left_out.source
            AND totals.period = left_out.period
            AND coalesce(totals.billing_account_id, '') = coalesce(left_out.billing_account_id, '')
            AND coalesce(totals.sub_account_id, '') = coalesce(left_out.sub_account_id, '')
            AND totals.billing_month = left_out.billing_month
            AND totals.currency = left_out.currency
    WHERE loads.is_current
),

daily AS (
    SELECT
        daily_cost.x_source AS source,
        daily_cost.x_period AS period,
        daily_cost.ProviderName AS provider,
        daily_cost.BillingAccountId AS billing_account_id,
        nullif(daily_cost.SubAccountId, '') AS sub_account_id,
        strftime(daily_cost.BillingPeriodStart, '%Y-%m') AS billing_month,
        daily_cost.BillingCurrency AS currency,
        daily_cost.x_charge_type AS charge_type,
        sum(daily_cost.charge_count) AS row_count,
        sum(daily_cost.BilledCost) AS billed_cost
    FROM core.daily_cost
    GROUP BY
        daily_cost.x_source,
        daily_cost.x_period,
        daily_cost.ProviderName,
        daily_cost.BillingAccountId,
        nullif(daily_cost.SubAccountId, ''),
        daily_cost.BillingPeriodStart,
        daily_cost.BillingCurrency,
        daily_cost.x_charge_type
),

stages AS (
    SELECT
        source,
        period,
        NULL AS provider,
        billing_account_id,
        sub_account_id,
        billing_month,
        currency,
        charge_type,
        row_count AS delivered_rows,
        CASE WHEN is_left_out THEN row_count ELSE 0 END AS left_out_rows,
        0 AS core_rows,
        0 AS daily_rows,
        billed_cost AS delivered_cost,
        CASE WHEN is_left_out THEN billed_cost ELSE 0 END AS left_out_cost,
        0 AS core_cost,
        0 AS daily_cost
    FROM delivered
    UNION ALL
    SELECT
        source,
        period,
        provider,
        billing_account_id,
        nullif(sub_account_id, '') AS sub_account_id,
        billing_month,
        currency,
        charge_type,
        0 AS delivered_rows,
        0 AS left_out_rows,
        row_count AS core_rows,
        0 AS daily_rows,
        0 AS delivered_cost,
        0 AS left_out_cost,
        billed_cost AS core_cost,
        0 AS daily_cost
    FROM meta.charge_totals
    UNION ALL
    SELECT
        source,
        period,
        provider,
        billing_account_id,
        sub_account_id,
        billing_month,
        currency,
        charge_type,
        0 AS delivered_rows,
        0 AS left_out_rows,
        0 AS core_rows,
        row_count AS daily_rows,
        0 AS delivered_cost,
        0 AS left_out_cost,
        0 AS core_cost,
        billed_cost AS daily_cost
    FROM daily
),

compared AS (
    SELECT
        source,
        period,
        max(provider) AS provider,
        billing_account_id,
        sub_account_id,
        billing_month,
        currency,
        charge_type,
        CAST(sum(delivered_rows) AS BIGINT) AS delivered_rows,
        CAST(sum(left_out_rows) AS BIGINT) AS left_out_rows,
        CAST(sum(core_rows) AS BIGINT) AS core_rows,
        CAST(sum(daily_rows) AS BIGINT) AS daily_rows,
        sum(delivered_cost) AS delivered_cost,
        sum(left_out_cost) AS left_out_cost,
        sum(core_cost) AS core_cost,
        sum(daily_cost) AS daily_cost
    FROM stages
    GROUP BY source, period, billing_account_id, sub_account_id, billing_month, currency, charge_type
)

SELECT
    source,
    period,
    provider,
    billing_account_id,
    sub_account_id,
    billing_month,
    currency,
    charge_type,
    delivered_rows,
    left_out_rows,
    core_rows,
    daily_rows,
    delivered_cost,
    left_out_cost,
    core_cost,
    daily_cost,
    CAST(NULL AS DECIMAL(38, 12)) AS published_cost,
    CASE
        WHEN daily_cost <> delivered_cost - left_out_cost THEN daily_cost - (delivered_cost - left_out_cost)
        ELSE core_cost - (delivered_cost - left_out_cost)
    END AS difference
FROM compared
ORDER BY source, period, billing_account_id, sub_account_id, billing_month, currency, charge_type
