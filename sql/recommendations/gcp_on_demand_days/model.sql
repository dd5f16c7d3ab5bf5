-- The same cost as gcp_on_demand_hours by resource and day, for the named resources: what clean-up takes away.
SELECT
    BillingAccountId,
    BillingCurrency,
    usage_date,
    SubAccountId,
    ResourceId,
    CASE
        WHEN x_usage_type LIKE 'Custom %' THEN 'N1'
        WHEN x_usage_type LIKE 'Compute optimized %' THEN 'C2'
        ELSE split_part(x_usage_type, ' ', 1)
    END AS family,
    '' AS operation,
    sum(ListCost) AS on_demand_cost
FROM core.daily_cost
WHERE
    ProviderName = 'GCP'
    AND ServiceName = 'Compute Engine'
    AND x_pool = 'usage'
    AND ChargeCategory = 'Usage'
    AND PricingCategory = 'Standard'
    AND (x_usage_type LIKE '% Core running in %' OR x_usage_type LIKE '% Ram running in %')
    AND usage_date >= CAST($window_start AS DATE)
    AND usage_date < CAST($window_end AS DATE)
    AND list_contains($resource_ids, ResourceId)
GROUP BY BillingAccountId, BillingCurrency, usage_date, SubAccountId, ResourceId, family
ORDER BY BillingAccountId, BillingCurrency, usage_date, ResourceId, family
