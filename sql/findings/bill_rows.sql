-- The bill rows behind one resource's monthly cost, by day and usage type.
SELECT
    daily.usage_date,
    daily.x_usage_type AS usage_type,
    daily.PricingCategory AS pricing_category,
    daily.CommitmentDiscountStatus AS commitment_status,
    daily.PricingUnit AS pricing_unit,
    CAST(sum(daily.consumed_quantity) AS DECIMAL(38, 12)) AS consumed_quantity,
    CAST(sum(daily.charge_count) AS BIGINT) AS charge_count,
    CAST(sum(daily.ListCost) AS DECIMAL(38, 12)) AS list_cost,
    CAST(sum(daily.x_net_effective_cost) AS DECIMAL(38, 12)) AS net_effective_cost
FROM core.daily_cost AS daily
WHERE
    daily.ProviderName = $provider
    AND daily.SubAccountId IS NOT DISTINCT FROM CAST($account_id AS VARCHAR)
    AND daily.ResourceId = $resource_id
    AND daily.BillingCurrency = $currency
    AND daily.x_pool = 'usage'
    AND daily.usage_date >= CAST($window_start AS DATE)
    AND daily.usage_date < CAST($window_end AS DATE)
GROUP BY
    daily.usage_date,
    daily.x_usage_type,
    daily.PricingCategory,
    daily.CommitmentDiscountStatus,
    daily.PricingUnit
ORDER BY daily.usage_date, daily.x_usage_type, daily.PricingCategory, daily.CommitmentDiscountStatus, daily.PricingUnit
