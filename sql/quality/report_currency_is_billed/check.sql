-- The currencies of the last 30 days, when the configured one, $report_currency, is none of them.
WITH billed AS (
    SELECT
        daily_cost.BillingCurrency,
        CAST(sum(daily_cost.BilledCost) AS DECIMAL(18, 2)) AS billed_cost
    FROM core.daily_cost
    WHERE daily_cost.usage_date >= $as_of - INTERVAL 30 DAYS AND daily_cost.usage_date < $as_of
    GROUP BY daily_cost.BillingCurrency
)

SELECT
    billed.BillingCurrency,
    billed.billed_cost
FROM billed
WHERE $report_currency NOT IN (SELECT each.BillingCurrency FROM billed AS each)
ORDER BY billed.billed_cost DESC
