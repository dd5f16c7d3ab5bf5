-- The part of core.daily_cost that pays for instances themselves, with the instance-hours behind it.
-- AWS bills instance-hours. GCP bills core-hours: an instance-hour is as many of them as the machine type has cores, which predefined and
-- custom types carry in their name. Hours are null where the cores are not known.
WITH charges AS (
    SELECT
        *,
        CASE
            WHEN regexp_matches(x_instance_type, '^[a-z0-9]+-(standard|highmem|highcpu|megamem|ultramem|hypermem)-[0-9]+')
                THEN CAST(regexp_extract(x_instance_type, '^[a-z0-9]+-[a-z]+-([0-9]+)', 1) AS DECIMAL(10, 2))
            WHEN regexp_matches(x_instance_type, '^([a-z0-9]+-)?custom-[0-9]+-')
                THEN CAST(regexp_extract(x_instance_type, 'custom-([0-9]+)-', 1) AS DECIMAL(10, 2))
            WHEN x_instance_type = 'a2-megagpu-16g' THEN 96
            WHEN regexp_matches(x_instance_type, '^a2-(highgpu|ultragpu)-[0-9]+g')
                THEN 12 * CAST(regexp_extract(x_instance_type, '-([0-9]+)g', 1) AS DECIMAL(10, 2))
            WHEN regexp_matches(x_instance_type, '^a3-[a-z]+gpu-[0-9]+g')
                THEN 26 * CAST(regexp_extract(x_instance_type, '-([0-9]+)g', 1) AS DECIMAL(10, 2))
            -- Shared cores are billed as the share of a core that they may use for long.
            WHEN x_instance_type = 'e2-micro' THEN 0.25
            WHEN x_instance_type = 'e2-small' THEN 0.5
            WHEN x_instance_type = 'e2-medium' THEN 1
        END AS machine_cores
    FROM core.daily_cost
    WHERE
        x_pool = 'usage'
        AND (
            (ProviderName = 'AWS' AND x_instance_type IS NOT NULL)
            OR (
                ProviderName = 'GCP'
                -- Licences are billed beside the machine, some of them by the GPU ("Licensing Fee for ... (GPU cost)").
                AND x_usage_type NOT LIKE 'Licensing Fee%'
                AND (
                    x_usage_type LIKE '%Instance Core%'
                    OR x_usage_type LIKE '%Instance Ram%'
                    OR x_usage_type LIKE '%GPU%'
                    OR upper(x_usage_type) LIKE '%NVIDIA%'
                )
            )
        )
)

SELECT
    x_source,
    usage_date,
    ProviderName,
    SubAccountId,
    RegionId,
    ServiceName,
    ResourceId,
    x_usage_type,
    CASE WHEN ProviderName = 'AWS' THEN x_operation END AS x_operation,
    x_instance_type,
    PricingCategory,
    BillingCurrency,
    CAST(
        CASE
            WHEN ProviderName = 'AWS' THEN consumed_quantity
            -- Memory and GPUs run beside the cores, and so does the management fee that Vertex AI takes per core.
            WHEN x_usage_type NOT LIKE '%Instance Core%' OR x_usage_type LIKE '%Management fee%' THEN 0
            ELSE CAST(consumed_quantity AS DOUBLE) / CAST(machine_cores AS DOUBLE)
        END AS DECIMAL(38, 12)
    ) AS instance_hours,
    ListCost,
    ContractedCost,
    x_net_effective_cost
FROM charges
