-- Months in which a good part of the AWS instances ran for more hours a day than a day has; a day is summed over all sources.
WITH instance_days AS (
    SELECT
        daily_cost.ResourceId,
        daily_cost.x_usage_type,
        daily_cost.x_operation,
        daily_cost.usage_date,
        min(daily_cost.x_source) AS first_source,
        max(daily_cost.x_source) AS last_source,
        max(daily_cost.x_period) AS x_period,
        sum(daily_cost.consumed_quantity) AS instance_hours
    FROM core.daily_cost
    WHERE
        daily_cost.ProviderName = 'AWS'
        AND daily_cost.x_pool = 'usage'
        AND daily_cost.ResourceType = 'virtual_machine'
        AND daily_cost.x_instance_type IS NOT NULL
        AND lower(daily_cost.PricingUnit) IN ('hrs', 'hours', 'hour')
    GROUP BY daily_cost.ResourceId, daily_cost.x_usage_type, daily_cost.x_operation, daily_cost.usage_date
)

SELECT
    last_source AS x_source,
    x_period,
    first_source AS same_as_source,
    count(*) AS instance_days,
    count(CASE WHEN instance_hours > $max_hours THEN 1 END) AS impossible_days,
    CAST(max(instance_hours) AS DECIMAL(18, 2)) AS most_hours_a_day
FROM instance_days
GROUP BY last_source, x_period, first_source
HAVING count(CASE WHEN instance_hours > $max_hours THEN 1 END) > count(*) * $max_share
ORDER BY x_source, x_period
