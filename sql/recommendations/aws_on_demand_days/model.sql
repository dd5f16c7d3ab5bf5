-- The same cost as aws_on_demand_hours by resource and day, for the named resources: what clean-up takes away.
SELECT
    BillingAccountId,
    BillingCurrency,
    usage_date,
    SubAccountId,
    ResourceId,
    CASE WHEN x_usage_type = 'BoxUsage' THEN 'm1' ELSE split_part(split_part(x_usage_type, ':', 2), '.', 1) END AS family,
    coalesce(x_operation, '') AS operation,
    sum(ContractedCost) AS on_demand_cost
FROM core.daily_cost
WHERE
    ProviderName = 'AWS'
    AND ServiceName = 'AmazonEC2'
    AND x_pool = 'usage'
    AND ChargeCategory = 'Usage'
    AND PricingCategory = 'Standard'
    AND (x_usage_type = 'BoxUsage' OR x_usage_type LIKE 'BoxUsage:%')
    AND usage_date >= CAST($window_start AS DATE)
    AND usage_date < CAST($window_end AS DATE)
    AND list_contains($resource_ids, ResourceId)
GROUP BY BillingAccountId, BillingCurrency, usage_date, SubAccountId, ResourceId, family, operation
ORDER BY BillingAccountId, BillingCurrency, usage_date, ResourceId, family, operation
