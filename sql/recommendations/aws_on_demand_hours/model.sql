-- EC2 instance cost that no commitment covers yet, by payer, family, operation and hour: what a Compute Savings Plan could cover.
-- Spot is priced Dynamic and covered usage Committed, so PricingCategory Standard leaves both out.
SELECT
    BillingAccountId,
    BillingCurrency,
    usage_hour,
    CASE WHEN x_usage_type = 'BoxUsage' THEN 'm1' ELSE split_part(split_part(x_usage_type, ':', 2), '.', 1) END AS family,
    coalesce(x_operation, '') AS operation,
    sum(ContractedCost) AS on_demand_cost,
    sum(x_net_effective_cost) AS net_cost
FROM core.hourly_usage
WHERE
    ProviderName = 'AWS'
    AND ServiceName = 'AmazonEC2'
    AND x_pool = 'usage'
    AND ChargeCategory = 'Usage'
    AND PricingCategory = 'Standard'
    AND (x_usage_type = 'BoxUsage' OR x_usage_type LIKE 'BoxUsage:%')
    AND usage_hour >= $window_start
    AND usage_hour < $window_end
GROUP BY BillingAccountId, BillingCurrency, usage_hour, family, operation
ORDER BY BillingAccountId, BillingCurrency, family, operation, usage_hour
