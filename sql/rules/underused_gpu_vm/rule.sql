-- Running machines with more GPUs, or with larger ones, than their busiest hours need, with the cheapest machine that would do.
WITH gpu_models (family, memory_gib, teraflops) AS (
    -- Memory and dense FP16 tensor performance of one GPU, from NVIDIA's data sheets.
    VALUES
    ('g4dn', 16, 65), ('g5', 24, 70), ('g6', 24, 121), ('g6e', 48, 362), ('p3', 16, 125), ('p3dn', 32, 125), ('p4d', 40, 312),
    ('p4de', 80, 312), ('p5', 80, 989), ('p5e', 141, 989), ('p5en', 141, 989), ('g2-standard', 24, 121), ('a2-highgpu', 40, 312),
    ('a2-megagpu', 40, 312), ('a2-ultragpu', 80, 312), ('a3-highgpu', 80, 989), ('a3-megagpu', 80, 989), ('a3-ultragpu', 141, 989)
),

charges AS (
    SELECT
        charge.provider,
        charge.account_id,
        charge.resource_id,
        charge.currency,
        -- On AWS the operation carries licence and operating system, so it decides which rates compare. Spot prices compare with none.
        CASE
            WHEN bool_or(charge.pricing_category = 'Dynamic') THEN 'Spot'
            ELSE max_by(charge.operation, charge.monthly_list_cost) FILTER (WHERE charge.usage_type LIKE 'BoxUsage%')
        END AS operation,
        sum(charge.monthly_cost) FILTER (WHERE charge.usage_type ILIKE '%gpu%' AND charge.usage_type NOT LIKE 'Licensing%') AS gpu_cost
    FROM usage.resource_charges AS charge
    GROUP BY charge.provider, charge.account_id, charge.resource_id, charge.currency
),

series AS (
    SELECT
        hour.provider,
        hour.account_id,
        hour.resource_id,
        hour.metric,
        count(*) AS hours,
        count(*) * 100 >= 24 * $look_back_days * $minimum_coverage_percent AS is_measured,
        max(hour.maximum) AS maximum,
        quantile_disc(hour.maximum, CAST($cpu_quantile AS DOUBLE)) AS quantile
    FROM usage.resource_hour AS hour
    SEMI JOIN usage.resources AS machine
        ON hour.resource_id = machine.resource_id AND (machine.gpus > 0 OR machine.attributes['gpu_count'] IS NOT NULL)
    WHERE
        hour.metric IN ('gpus_in_use', 'gpu_percent', 'gpu_memory_percent', 'cpu_percent', 'memory_percent')
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY hour.provider, hour.account_id, hour.resource_id, hour.metric
),

activity AS (
    SELECT
        series.provider,
        series.account_id,
        series.resource_id,
        coalesce(max(series.hours) FILTER (WHERE series.metric = 'gpu_percent'), 0) AS gpu_hours,
        max(series.maximum) FILTER (WHERE series.metric = 'gpu_percent') AS gpu_percent_max,
        max(series.maximum) FILTER (WHERE series.metric = 'gpus_in_use' AND series.is_measured) AS gpus_in_use_max,
        max(series.maximum) FILTER (WHERE series.metric = 'gpu_memory_percent' AND series.is_measured) AS gpu_memory_percent_max,
        max(series.quantile) FILTER (WHERE series.metric = 'cpu_percent' AND series.is_measured) AS cpu_percent_quantile,
        max(series.maximum) FILTER (WHERE series.metric = 'memory_percent' AND series.is_measured) AS memory_percent_max
    FROM series
    GROUP BY series.provider, series.account_id, series.resource_id
),

needs AS (
    SELECT
        resource.*,
        type.family,
        type.architecture,
        charges.operation,
        charges.gpu_cost,
        activity.* EXCLUDE (provider, account_id, resource_id),
        coalesce(TRY_CAST(resource.attributes['gpu_count'] AS INTEGER), resource.gpus, 0) AS gpu_count,
        -- On GCP a GPU may be attached to a machine whose type has none.
        coalesce(type.gpus, 0) = 0 AS is_attached,
        -- What is not measured may be full, so all of it is needed.
        CAST(coalesce(greatest(1, activity.gpus_in_use_max), gpu_count) AS INTEGER) AS needed_gpus,
        gpu_models.teraflops * activity.gpu_percent_max / (100 - $headroom_percent) AS needed_teraflops,
        gpu_models.memory_gib * coalesce(activity.gpu_memory_percent_max / (100 - $headroom_percent), 1) AS needed_gpu_memory_gib,
        resource.vcpus * coalesce(activity.cpu_percent_quantile / (100 - $headroom_percent), 1) AS needed_vcpus,
        resource.memory_gib * coalesce(activity.memory_percent_max / (100 - $headroom_percent), 1) AS needed_memory_gib,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    LEFT JOIN inventory.instance_types AS type ON resource.provider = type.provider AND resource.instance_type = type.instance_type
    LEFT JOIN gpu_models ON type.family = gpu_models.family
    LEFT JOIN charges
        ON
            resource.provider = charges.provider
            AND resource.account_id = charges.account_id
            AND resource.resource_id = charges.resource_id
            AND resource.currency = charges.currency
    LEFT JOIN activity
        ON
            resource.provider = activity.provider
            AND resource.account_id = activity.account_id
            AND resource.resource_id = activity.resource_id
    WHERE resource.resource_type = 'virtual_machine' AND gpu_count > 0
),

options AS (
    SELECT
        needs.provider,
        needs.account_id,
        needs.resource_id,
        needs.currency,
        any_value(rate.hourly_list_rate) FILTER (WHERE type.instance_type = needs.instance_type) AS hourly_list_rate,
        count(*) FILTER (WHERE type.instance_type <> needs.instance_type) AS fitting_types,
        min({ 'rate': rate.hourly_list_rate, 'type': type.instance_type }) FILTER (WHERE type.instance_type <> needs.instance_type) AS best
    FROM needs
    INNER JOIN inventory.instance_types AS type ON needs.provider = type.provider AND needs.architecture = type.architecture
    LEFT JOIN gpu_models ON type.family = gpu_models.family
    LEFT JOIN core.instance_rates AS rate
        ON
            needs.provider = rate.ProviderName
            AND rate.ServiceName IN ('AmazonEC2', 'Compute Engine')
            AND needs.region = rate.RegionId
            AND type.instance_type = rate.x_instance_type
            AND needs.currency = rate.BillingCurrency
            AND (needs.operation = rate.x_operation OR (needs.provider = 'GCP' AND needs.operation IS NULL))
    WHERE
        type.instance_type = needs.instance_type
        OR (
            type.instance_type NOT LIKE '%metal%'
            AND type.gpus BETWEEN needs.needed_gpus AND needs.gpu_count
            AND type.vcpus >= needs.needed_vcpus
            AND type.memory_gib >= needs.needed_memory_gib
            AND CASE
                WHEN type.family = needs.family THEN type.gpus < needs.gpu_count
                ELSE gpu_models.teraflops >= needs.needed_teraflops AND gpu_models.memory_gib >= needs.needed_gpu_memory_gib
            END
        )
    GROUP BY needs.provider, needs.account_id, needs.resource_id, needs.currency
),

verdicts AS (
    SELECT
        needs.*,
        options.hourly_list_rate,
        options.best.rate AS target_hourly_list_rate,
        greatest(needs.gpu_percent_max, coalesce(needs.gpu_memory_percent_max, 100)) >= $large_gpu_percent AS is_large_gpu_used,
        CASE
            WHEN needs.is_attached THEN concat(needs.needed_gpus, ' x ', coalesce(needs.attributes['accelerator_type'], 'GPU'))
            ELSE options.best.type
        END AS target,
        CASE
            WHEN needs.is_attached THEN needs.gpu_cost * (1 - needs.needed_gpus / needs.gpu_count)
            ELSE needs.monthly_instance_cost * (1 - options.best.rate / options.hourly_list_rate)
        END AS monthly_savings,
        CASE
            WHEN needs.is_inventoried_type AND NOT needs.is_in_inventory THEN 'gone'
            WHEN needs.state <> 'running' THEN 'stopped'
            WHEN coalesce(needs.gpu_hours, 0) = 0 THEN 'no_metric'
            WHEN needs.age_days < $look_back_days THEN 'too_young'
            WHEN needs.gpu_hours * 100 < 24 * $look_back_days * $minimum_coverage_percent THEN 'gaps'
            WHEN needs.gpu_percent_max < $idle_percent THEN 'idle'
            WHEN needs.needed_gpus = needs.gpu_count AND is_large_gpu_used THEN 'fits'
            WHEN NOT needs.is_attached AND options.fitting_types = 0 THEN 'fits'
            WHEN monthly_savings IS NULL THEN 'no_price'
            WHEN monthly_savings < greatest($minimum_monthly_savings, needs.monthly_cost * $minimum_savings_percent / 100) THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM needs
    LEFT JOIN options
        ON
            needs.provider = options.provider
            AND needs.account_id = options.account_id
            AND needs.resource_id = options.resource_id
            AND needs.currency = options.currency
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.needed_gpus < verdicts.gpu_count THEN 'medium' ELSE 'low' END AS confidence,
    if(verdicts.needed_gpus < verdicts.gpu_count, 'Some of its GPUs were used in no hour', 'By the data sheets a smaller GPU would do')
        AS confidence_reason,
    CAST(greatest(0, least(1, 1 - verdicts.monthly_savings / nullif(verdicts.monthly_cost, 0))) AS DECIMAL(18, 12)) AS remaining_cost_share,
    CASE WHEN verdicts.verdict = 'finding' THEN verdicts.target END AS target,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'gpu_hours_observed': verdicts.gpu_hours,
        'gpus': verdicts.gpu_count,
        'gpus_in_use_max': verdicts.gpus_in_use_max,
        'gpu_percent_max': verdicts.gpu_percent_max,
        'gpu_memory_percent_max': verdicts.gpu_memory_percent_max,
        'needed_gpus': verdicts.needed_gpus,
        'needed_gpu_memory_gib': verdicts.needed_gpu_memory_gib,
        'needed_vcpus': verdicts.needed_vcpus,
        'needed_memory_gib': verdicts.needed_memory_gib,
        'hourly_list_rate': verdicts.hourly_list_rate,
        'target_hourly_list_rate': verdicts.target_hourly_list_rate,
        'instance_type': verdicts.instance_type
    } AS evidence
FROM verdicts
