-- Hourly list rates of instance types: those that the bill shows, and for other sizes of the same family what follows from them.
WITH sizes AS (
    SELECT
        type.*,
        -- What prices within a family follow: on AWS the normalisation factor of the size (Reserved Instances, size flexibility), which
        -- bare metal has none of; on GCP cores, whose number also decides the memory. Accelerators, machines of terabytes and shared
        -- cores have prices of their own.
        CASE
            WHEN type.gpus > 0 OR regexp_matches(type.family, '^(u-|u7|hpc)') OR (type.provider = 'GCP' AND type.is_burstable) THEN NULL
            WHEN type.provider = 'GCP' THEN type.vcpus
            WHEN regexp_matches(type.instance_type, '\.[0-9]+xlarge$')
                THEN 8 * CAST(regexp_extract(type.instance_type, '\.([0-9]+)x', 1) AS INTEGER)
            WHEN type.instance_type LIKE '%.xlarge' THEN 8
            WHEN type.instance_type LIKE '%.large' THEN 4
            WHEN type.instance_type LIKE '%.medium' THEN 2
            WHEN type.instance_type LIKE '%.small' THEN 1
            WHEN type.instance_type LIKE '%.micro' THEN 0.5
            WHEN type.instance_type LIKE '%.nano' THEN 0.25
        END AS size
    FROM inventory.instance_types AS type
),

bill_rates AS (
    SELECT
        rate.RegionId AS region,
        CASE WHEN rate.ProviderName = 'AWS' THEN rate.x_operation END AS operation,
        rate.BillingCurrency AS currency,
        rate.hourly_list_rate,
        rate.instance_hours,
        sizes.*,
        -- Fees for other licences do not follow the size, and neither does Windows on burstable types.
        rate.ProviderName = 'GCP'
        OR rate.x_operation = 'RunInstances'
        OR (rate.x_operation = 'RunInstances:0002' AND NOT sizes.is_burstable) AS is_proportional
    FROM core.instance_rates AS rate
    INNER JOIN sizes ON rate.ProviderName = sizes.provider AND rate.x_instance_type = sizes.instance_type
    WHERE rate.ServiceName IN ('AmazonEC2', 'Compute Engine') AND rate.hourly_list_rate > 0
),

family_rates AS (
    SELECT
        bill_rates.*,
        row_number() OVER (
            PARTITION BY bill_rates.provider, bill_rates.region, bill_rates.operation, bill_rates.currency, bill_rates.family
            ORDER BY bill_rates.instance_hours DESC, bill_rates.instance_type ASC
        ) AS hours_rank
    FROM bill_rates
    WHERE bill_rates.is_proportional AND bill_rates.size IS NOT NULL
)

SELECT
    bill_rates.provider,
    bill_rates.region,
    bill_rates.operation,
    bill_rates.currency,
    bill_rates.instance_type,
    bill_rates.family,
    bill_rates.architecture,
    bill_rates.vcpus,
    bill_rates.memory_gib,
    bill_rates.gpus,
    bill_rates.is_burstable,
    bill_rates.is_current_generation,
    bill_rates.hourly_list_rate,
    'bill' AS price_source
FROM bill_rates
UNION ALL
SELECT
    sizes.provider,
    family_rates.region,
    family_rates.operation,
    family_rates.currency,
    sizes.instance_type,
    sizes.family,
    sizes.architecture,
    sizes.vcpus,
    sizes.memory_gib,
    sizes.gpus,
    sizes.is_burstable,
    sizes.is_current_generation,
    CAST(CAST(family_rates.hourly_list_rate AS DOUBLE) * sizes.size / family_rates.size AS DECIMAL(38, 12)) AS hourly_list_rate,
    'family_rate' AS price_source
FROM family_rates
INNER JOIN sizes ON family_rates.provider = sizes.provider AND family_rates.family = sizes.family AND sizes.size IS NOT NULL
ANTI JOIN bill_rates
    ON
        family_rates.provider = bill_rates.provider
        AND family_rates.region = bill_rates.region
        AND family_rates.operation IS NOT DISTINCT FROM bill_rates.operation
        AND family_rates.currency = bill_rates.currency
        AND sizes.instance_type = bill_rates.instance_type
WHERE family_rates.hours_rank = 1
