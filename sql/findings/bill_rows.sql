-- The bill rows behind one resource's monthly cost, by day and usage type; parts of commitment fees that GCP bills apart are rows of their
-- own.
WITH bill_rows AS (
    SELECT
        daily.ProviderName,
        daily.SubAccountId,
        daily.ResourceId,
        daily.BillingCurrency,
        daily.usage_date,
        daily.x_usage_type,
        daily.PricingCategory,
        daily.CommitmentDiscountStatus,
        daily.PricingUnit,
        daily.consumed_quantity,
        daily.charge_count,
        daily.ListCost,
        daily.x_net_effective_cost
    FROM core.daily_cost AS daily
    WHERE daily.x_pool = 'usage'
    UNION ALL
    SELECT
        'GCP' AS ProviderName,
        attribution.SubAccountId,
        attribution.ResourceId,
        attribution.BillingCurrency,
        attribution.usage_date,
        concat('commitment fee for ', attribution.x_usage_type) AS x_usage_type,
        'Committed' AS PricingCategory,
        attribution.CommitmentDiscountStatus,
        CAST(NULL AS VARCHAR) AS PricingUnit,
        0 AS consumed_quantity,
        0 AS charge_count,
        0 AS ListCost,
        attribution.attributed_cost AS x_net_effective_cost
    FROM core.commitment_attribution AS attribution
    WHERE attribution.CommitmentDiscountStatus = 'Used'
)

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
FROM bill_rows AS daily
WHERE
    daily.ProviderName = $provider
    AND daily.SubAccountId IS NOT DISTINCT FROM CAST($account_id AS VARCHAR)
    AND daily.ResourceId = $resource_id
    AND daily.BillingCurrency = $currency
    AND daily.usage_date >= CAST($window_start AS DATE)
    AND daily.usage_date < CAST($window_end AS DATE)
GROUP BY
    daily.usage_date,
    daily.x_usage_type,
    daily.PricingCategory,
    daily.CommitmentDiscountStatus,
    daily.PricingUnit
ORDER BY daily.usage_date, daily.x_usage_type, daily.PricingCategory, daily.CommitmentDiscountStatus, daily.PricingUnit
