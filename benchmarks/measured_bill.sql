-- The bill of the benchmark's estate, by resource and day over 90 days, at on-demand prices.
WITH resources AS (
    SELECT DISTINCT
        series.account_id,
        series.region,
        series.resource_id,
        series.resource_type,
        series.instance_type,
        series.usage_type,
        24 * series.hourly_price AS cost
    FROM series
)

SELECT
    'org-bill' AS x_source,
    strftime(days.day, '%Y-%m') AS x_period,
    'AWS' AS ProviderName,
    '100000000001' AS BillingAccountId,
    resources.account_id AS SubAccountId,
    'USD' AS BillingCurrency,
    CAST(days.day AS DATE) AS usage_date,
    resources.region AS RegionId,
    CASE resources.resource_type
        WHEN 'database' THEN 'AmazonRDS' WHEN 'inference_endpoint' THEN 'AmazonSageMaker' ELSE 'AmazonEC2'
    END AS ServiceName,
    resources.resource_type AS ResourceType,
    resources.usage_type AS x_usage_type,
    'RunInstances' AS x_operation,
    resources.instance_type AS x_instance_type,
    'Usage' AS ChargeCategory,
    'Standard' AS PricingCategory,
    'Usage' AS x_charge_type,
    'usage' AS x_pool,
    'Usage' AS x_charge_kind,
    resources.resource_id AS ResourceId,
    'Hrs' AS PricingUnit,
    24 AS consumed_quantity,
    0 AS committed_quantity,
    24 AS charge_count,
    resources.cost AS BilledCost,
    resources.cost AS EffectiveCost,
    resources.cost AS ContractedCost,
    resources.cost AS ListCost,
    resources.cost AS x_net_effective_cost,
    0 AS x_commitment_cost
FROM resources
CROSS JOIN range(DATE '2026-07-03', DATE '2026-10-01', INTERVAL 1 DAY) AS days (day)
