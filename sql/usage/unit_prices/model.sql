-- Prices that the bill itself shows, per region and usage type, over the 90 days before $as_of.
-- Contracted cost is before commitments, so covered GCP rows count too; on AWS only on-demand rows do.
SELECT
    daily.ProviderName AS provider,
    daily.RegionId AS region,
    daily.ServiceName AS service,
    daily.x_usage_type AS usage_type,
    daily.x_operation AS operation,
    daily.PricingUnit AS unit,
    daily.BillingCurrency AS currency,
    CAST(CAST(sum(daily.ListCost) AS DOUBLE) / CAST(sum(daily.consumed_quantity) AS DOUBLE) AS DECIMAL(38, 12)) AS list_price,
    CAST(CAST(sum(daily.ContractedCost) AS DOUBLE) / CAST(sum(daily.consumed_quantity) AS DOUBLE) AS DECIMAL(38, 12)) AS price,
    sum(daily.consumed_quantity) AS quantity
FROM core.daily_cost AS daily
WHERE
    daily.x_pool = 'usage'
    AND daily.usage_date < $as_of
    AND daily.usage_date >= CAST($as_of - INTERVAL '90' DAY AS DATE)
    AND daily.RegionId IS NOT NULL
    AND daily.x_usage_type IS NOT NULL
    AND (daily.PricingCategory = 'Standard' OR (daily.ProviderName = 'GCP' AND daily.PricingCategory = 'Committed'))
GROUP BY
    daily.ProviderName,
    daily.RegionId,
    daily.ServiceName,
    daily.x_usage_type,
    daily.x_operation,
    daily.PricingUnit,
    daily.BillingCurrency
HAVING sum(daily.consumed_quantity) > 0
