-- Pairs of deliveries that agree in account, currency, number of line items, total to the last decimal, and first and last day.
WITH deliveries AS (
    SELECT
        daily_cost.x_source,
        daily_cost.x_period,
        daily_cost.BillingAccountId,
        daily_cost.BillingCurrency,
        sum(daily_cost.charge_count) AS line_items,
        sum(daily_cost.BilledCost) AS billed_cost,
        min(daily_cost.usage_date) AS first_date,
        max(daily_cost.usage_date) AS last_date
    FROM core.daily_cost
    GROUP BY daily_cost.x_source, daily_cost.x_period, daily_cost.BillingAccountId, daily_cost.BillingCurrency
)

SELECT
    later.x_source,
    later.x_period,
    earlier.x_source AS same_as_source,
    earlier.x_period AS same_as_period,
    later.BillingAccountId,
    later.line_items,
    CAST(later.billed_cost AS DECIMAL(18, 2)) AS billed_cost,
    later.BillingCurrency
FROM deliveries AS later
INNER JOIN deliveries AS earlier
    ON
        later.BillingAccountId = earlier.BillingAccountId
        AND later.BillingCurrency = earlier.BillingCurrency
        AND later.line_items = earlier.line_items
        AND later.billed_cost = earlier.billed_cost
        AND later.first_date = earlier.first_date
        AND later.last_date = earlier.last_date
WHERE
    later.line_items >= $min_line_items
    AND (later.x_period > earlier.x_period OR (later.x_period = earlier.x_period AND later.x_source > earlier.x_source))
ORDER BY later.x_source, later.x_period, earlier.x_source, earlier.x_period
