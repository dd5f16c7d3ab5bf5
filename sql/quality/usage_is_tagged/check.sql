-- Bills of the last 30 days with less than the wanted share of their usage cost under one of the allocation tags.
WITH usage_costs AS (
    SELECT
        daily_cost.x_source,
        daily_cost.BillingCurrency,
        sum(daily_cost.EffectiveCost) AS usage_cost,
        sum(
            CASE
                WHEN
                    coalesce(
                        daily_cost.x_team, daily_cost.x_project, daily_cost.x_environment, daily_cost.x_owner, daily_cost.x_cost_center
                    ) IS NOT NULL
                    THEN daily_cost.EffectiveCost
                ELSE 0
            END
        ) AS tagged_cost
    FROM core.daily_cost
    WHERE
        daily_cost.x_pool = 'usage'
        AND daily_cost.usage_date >= $as_of - INTERVAL 30 DAYS
        AND daily_cost.usage_date < $as_of
    GROUP BY daily_cost.x_source, daily_cost.BillingCurrency
)

SELECT
    usage_costs.x_source,
    usage_costs.BillingCurrency,
    CAST(usage_costs.usage_cost AS DECIMAL(18, 2)) AS usage_cost,
    CAST(usage_costs.tagged_cost AS DECIMAL(18, 2)) AS tagged_cost
FROM usage_costs
WHERE usage_costs.tagged_cost < usage_costs.usage_cost * $min_share
ORDER BY usage_costs.x_source, usage_costs.BillingCurrency
