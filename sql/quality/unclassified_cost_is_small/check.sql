-- Bills with more than the bearable share of their cost in no known pool; amounts count without their sign, so that nothing cancels out.
WITH bills AS (
    SELECT
        daily_cost.x_source,
        daily_cost.x_period,
        daily_cost.BillingCurrency,
        sum(CASE WHEN daily_cost.x_pool = 'unclassified' THEN abs(daily_cost.BilledCost) ELSE 0 END) AS unclassified_cost,
        sum(abs(daily_cost.BilledCost)) AS billed_cost
    FROM core.daily_cost
    GROUP BY daily_cost.x_source, daily_cost.x_period, daily_cost.BillingCurrency
)

SELECT
    bills.x_source,
    bills.x_period,
    bills.BillingCurrency,
    CAST(bills.unclassified_cost AS DECIMAL(18, 2)) AS unclassified_cost,
    CAST(bills.billed_cost AS DECIMAL(18, 2)) AS billed_cost
FROM bills
WHERE bills.unclassified_cost > bills.billed_cost * $max_share
ORDER BY bills.x_source, bills.x_period, bills.BillingCurrency
