-- EC2 instance cost that commitments cover, by payer, family, operation and commitment: what it would cost on demand, and costs.
SELECT
    BillingAccountId,
    BillingCurrency,
    CASE WHEN x_usage_type = 'BoxUsage' THEN 'm1' ELSE split_part(split_part(x_usage_type, ':', 2), '.', 1) END AS family,
    coalesce(x_operation, '') AS operation,
    CommitmentDiscountId,
    sum(ContractedCost) AS on_demand_cost,
    sum(EffectiveCost) AS effective_cost
FROM core.hourly_usage
WHERE
    ProviderName = 'AWS'
    AND ServiceName = 'AmazonEC2'
    AND x_pool = 'usage'
    AND ChargeCategory = 'Usage'
    AND PricingCategory = 'Committed'
    AND (x_usage_type = 'BoxUsage' OR x_usage_type LIKE 'BoxUsage:%')
    AND usage_hour >= $window_start
    AND usage_hour < $window_end
GROUP BY BillingAccountId, BillingCurrency, family, operation, CommitmentDiscountId
ORDER BY BillingAccountId, BillingCurrency, family, operation, CommitmentDiscountId
