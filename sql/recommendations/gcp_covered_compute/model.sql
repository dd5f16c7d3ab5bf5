-- Compute Engine core and memory cost that commitments cover, by billing account, series and commitment.
SELECT
    BillingAccountId,
    BillingCurrency,
    CASE
        WHEN x_usage_type LIKE 'Custom %' THEN 'N1'
        WHEN x_usage_type LIKE 'Compute optimized %' THEN 'C2'
        ELSE split_part(x_usage_type, ' ', 1)
    END AS family,
    '' AS operation,
    CommitmentDiscountId,
    sum(ListCost) AS on_demand_cost,
    sum(EffectiveCost) AS effective_cost
FROM core.hourly_usage
WHERE
    ProviderName = 'GCP'
    AND ServiceName = 'Compute Engine'
    AND x_pool = 'usage'
    AND ChargeCategory = 'Usage'
    AND PricingCategory = 'Committed'
    AND (x_usage_type LIKE '% Core running in %' OR x_usage_type LIKE '% Ram running in %')
    AND usage_hour >= $window_start
    AND usage_hour < $window_end
GROUP BY BillingAccountId, BillingCurrency, family, CommitmentDiscountId
ORDER BY BillingAccountId, BillingCurrency, family, CommitmentDiscountId
