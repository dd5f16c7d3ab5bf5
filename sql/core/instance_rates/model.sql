-- On-demand rates that the bill itself shows, per instance type, over the 90 days before $as_of.
-- GCP states no price per instance: cores and memory (and GPUs where the type includes them) are added up. Contracted cost is before
-- commitments, so covered GCP rows count too; on AWS only on-demand rows do. Types whose hours are unknown have no rate.
WITH rated AS (
    SELECT *
    FROM core.instance_charges
    WHERE
        usage_date < $as_of
        AND usage_date >= CAST($as_of - INTERVAL '90' DAY AS DATE)
        AND RegionId IS NOT NULL
        AND x_instance_type IS NOT NULL
        AND (PricingCategory = 'Standard' OR (ProviderName = 'GCP' AND PricingCategory = 'Committed'))
        AND (
            ProviderName = 'AWS'
            OR x_usage_type LIKE '%Instance Core%'
            OR x_usage_type LIKE '%Instance Ram%'
            OR regexp_matches(x_instance_type, '^(a2|a3|a4|g2)-')
        )
)

SELECT
    ProviderName,
    RegionId,
    ServiceName,
    x_instance_type,
    x_operation,
    BillingCurrency,
    CAST(CAST(sum(ListCost) AS DOUBLE) / CAST(sum(instance_hours) AS DOUBLE) AS DECIMAL(38, 12)) AS hourly_list_rate,
    CAST(CAST(sum(ContractedCost) AS DOUBLE) / CAST(sum(instance_hours) AS DOUBLE) AS DECIMAL(38, 12)) AS hourly_rate,
    sum(instance_hours) AS instance_hours
FROM rated
GROUP BY ProviderName, RegionId, ServiceName, x_instance_type, x_operation, BillingCurrency
HAVING sum(instance_hours) > 0 AND count(*) = count(instance_hours)
