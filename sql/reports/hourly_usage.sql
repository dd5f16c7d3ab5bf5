-- Compute usage by hour at this account's price before commitments, split by whether a commitment covers it today.
SELECT
    BillingCurrency AS currency,
    ProviderName AS provider,
    usage_hour,
    coalesce(sum(ContractedCost) FILTER (WHERE PricingCategory = 'Committed'), 0) AS covered_cost,
    coalesce(sum(ContractedCost) FILTER (WHERE PricingCategory = 'Standard'), 0) AS on_demand_cost
FROM core.hourly_usage
WHERE
    x_pool = 'usage'
    AND usage_hour >= $window_start
    AND usage_hour < $window_end
GROUP BY BillingCurrency, ProviderName, usage_hour
ORDER BY currency, provider, usage_hour
