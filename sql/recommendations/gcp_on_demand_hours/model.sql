-- Compute Engine core and memory cost that no commitment covers yet, by billing account, machine series and hour.
-- A commitment's price is a share of the list price and takes the place of sustained use and other discounts: net_cost is after those.
-- SKUs name the series first, except N1's custom machines (Custom Instance Core ...) and C2 (Compute optimized Core ...).
SELECT
    BillingAccountId,
    BillingCurrency,
    usage_hour,
    CASE
        WHEN x_usage_type LIKE 'Custom %' THEN 'N1'
        WHEN x_usage_type LIKE 'Compute optimized %' THEN 'C2'
        ELSE split_part(x_usage_type, ' ', 1)
    END AS family,
    '' AS operation,
    sum(ListCost) AS on_demand_cost,
    sum(ContractedCost) AS net_cost
FROM core.hourly_usage
WHERE
    ProviderName = 'GCP'
    AND ServiceName = 'Compute Engine'
    AND x_pool = 'usage'
    AND ChargeCategory = 'Usage'
    AND PricingCategory = 'Standard'
    AND (x_usage_type LIKE '% Core running in %' OR x_usage_type LIKE '% Ram running in %')
    AND usage_hour >= $window_start
    AND usage_hour < $window_end
GROUP BY BillingAccountId, BillingCurrency, usage_hour, family
ORDER BY BillingAccountId, BillingCurrency, family, usage_hour
