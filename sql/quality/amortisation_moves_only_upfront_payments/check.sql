-- AWS months whose invoice view less amortised view is not: bought upfront, less amortised upfront, less commitments that others pay for.
-- A fee and what it covers may be in different bills of one payer, so all bills that are counted are compared together; not where one of
-- them is a FOCUS bill, which has other rows for purchases.
-- AWS states amounts with ten decimals, so every line item may be off by its rounding. The fee row of a reservation is for the whole month
-- from its first day on: only complete months compare, two days after their end, when every bill of the payer has their last day.
WITH bills AS (
    SELECT
        x_source,
        BillingAccountId,
        BillingPeriodStart,
        max(usage_date) AS last_usage_on
    FROM core.daily_cost
    WHERE ProviderName = 'AWS' AND x_pool = 'usage'
    GROUP BY x_source, BillingAccountId, BillingPeriodStart
),

complete_months AS (
    SELECT
        BillingAccountId,
        strftime(BillingPeriodStart, '%Y-%m') AS billing_month
    FROM bills
    WHERE BillingPeriodStart + INTERVAL 1 MONTH + INTERVAL 2 DAYS <= $as_of
    GROUP BY BillingAccountId, BillingPeriodStart
    HAVING min(last_usage_on) + INTERVAL 1 DAY >= BillingPeriodStart + INTERVAL 1 MONTH
),

months AS (
    SELECT
        -- The largest bill names the payer's month.
        arg_max(month_views.x_source, month_views.charge_count) AS source,
        month_views.billing_month AS period,
        month_views.BillingAccountId AS billing_account_id,
        month_views.BillingCurrency AS currency,
        sum(month_views.charge_count) AS charge_count,
        sum(month_views.BilledCost) AS invoiced,
        sum(month_views.EffectiveCost) AS amortised,
        sum(month_views.upfront_purchases) AS upfront_purchases,
        sum(month_views.amortised_upfront) AS amortised_upfront,
        sum(month_views.shared_commitment_cost) AS shared_commitment_cost
    FROM core.month_views
    INNER JOIN complete_months
        ON
            month_views.BillingAccountId = complete_months.BillingAccountId
            AND month_views.billing_month = complete_months.billing_month
    INNER JOIN meta.loads
        ON
            month_views.x_source = loads.source
            AND month_views.billing_month = loads.period
            AND loads.is_current
    WHERE month_views.ProviderName = 'AWS'
    GROUP BY month_views.billing_month, month_views.BillingAccountId, month_views.BillingCurrency
    HAVING bool_and(loads.source_type = 'aws_cur')
)

SELECT
    source,
    period,
    billing_account_id,
    currency,
    invoiced,
    amortised,
    upfront_purchases,
    amortised_upfront,
    shared_commitment_cost,
    invoiced - amortised - (upfront_purchases - amortised_upfront - shared_commitment_cost) AS unexplained
FROM months
WHERE
    abs(invoiced - amortised - (upfront_purchases - amortised_upfront - shared_commitment_cost))
    > 0.01 + 0.000000001 * charge_count
ORDER BY source, period, billing_account_id, currency
