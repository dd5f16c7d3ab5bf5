-- Usage dated after the night $as_of, or after the latest night that this home has seen, whichever is later: a night of the past that is
-- run again reads the bill as it is today.
WITH nights AS (
    SELECT greatest(max(source_reads.as_of), $as_of) AS latest_night
    FROM meta.source_reads
)

SELECT
    daily_cost.x_source,
    daily_cost.x_period,
    daily_cost.ServiceName,
    min(daily_cost.usage_date) AS first_usage_date,
    max(daily_cost.usage_date) AS last_usage_date,
    CAST(sum(daily_cost.BilledCost) AS DECIMAL(18, 2)) AS billed_cost,
    daily_cost.BillingCurrency
FROM core.daily_cost
CROSS JOIN nights
WHERE
    daily_cost.x_pool = 'usage'
    AND daily_cost.usage_date >= coalesce(nights.latest_night, $as_of) + CAST($max_days_ahead AS INTEGER)
GROUP BY daily_cost.x_source, daily_cost.x_period, daily_cost.ServiceName, daily_cost.BillingCurrency
ORDER BY daily_cost.x_source, daily_cost.x_period, daily_cost.ServiceName
