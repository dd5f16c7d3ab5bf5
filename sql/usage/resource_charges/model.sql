-- What each resource of core.resource_costs is charged for in its window, by usage type.
SELECT
    daily.ProviderName AS provider,
    daily.SubAccountId AS account_id,
    daily.RegionId AS region,
    daily.ResourceId AS resource_id,
    daily.ServiceName AS service,
    daily.x_usage_type AS usage_type,
    daily.x_operation AS operation,
    daily.PricingCategory AS pricing_category,
    daily.PricingUnit AS unit,
    daily.BillingCurrency AS currency,
    sum(daily.consumed_quantity) AS monthly_quantity,
    sum(daily.ListCost) AS monthly_list_cost,
    sum(daily.x_net_effective_cost) AS monthly_cost
FROM core.daily_cost AS daily
INNER JOIN core.resource_costs AS cost
    ON
        daily.ProviderName = cost.ProviderName
        AND daily.SubAccountId IS NOT DISTINCT FROM cost.SubAccountId
        AND daily.ResourceId = cost.ResourceId
        AND daily.BillingCurrency = cost.BillingCurrency
WHERE
    daily.x_pool = 'usage'
    AND daily.x_usage_type IS NOT NULL
    AND daily.usage_date >= cost.window_start
    AND daily.usage_date < cost.window_end
GROUP BY
    daily.ProviderName,
    daily.SubAccountId,
    daily.RegionId,
    daily.ResourceId,
    daily.ServiceName,
    daily.x_usage_type,
    daily.x_operation,
    daily.PricingCategory,
    daily.PricingUnit,
    daily.BillingCurrency
