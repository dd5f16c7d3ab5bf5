-- The virtual machines of the estate, with what their type, their charges, their attributes and their metrics add.
WITH charges AS (
    SELECT
        charge.provider,
        charge.account_id,
        charge.resource_id,
        charge.currency,
        -- On AWS the operation carries licence and operating system, so it decides which rates compare.
        max_by(
            regexp_replace(charge.operation, ':SV[0-9]+$', ''), { 'cost': charge.monthly_list_cost, 'operation': charge.operation }
        ) FILTER (
            WHERE charge.provider = 'AWS' AND regexp_matches(charge.usage_type, '^(Box|Spot|Dedicated|HostBox|Sched)Usage')
        ) AS operation,
        bool_or(charge.pricing_category = 'Dynamic') AS is_spot,
        bool_or(charge.provider = 'GCP' AND charge.usage_type ILIKE 'Licensing Fee%') AS has_licence_fee,
        -- A GPU that is attached to a GCP machine is no part of its machine type: the bill shows it.
        bool_or(charge.provider = 'GCP' AND charge.usage_type ILIKE '%gpu%' AND charge.usage_type NOT ILIKE 'Licensing Fee%') AS has_gpu
    FROM usage.resource_charges AS charge
    GROUP BY charge.provider, charge.account_id, charge.resource_id, charge.currency
),

gpu_metrics AS (
    SELECT DISTINCT
        day.provider,
        day.account_id,
        day.resource_id
    FROM usage.resource_day AS day
    WHERE day.metric IN ('gpu_percent', 'gpu_memory_percent', 'gpus_in_use')
)

SELECT
    resource.provider,
    resource.account_id,
    resource.region,
    resource.resource_id,
    resource.resource_name,
    resource.currency,
    resource.is_in_inventory,
    resource.is_inventoried_type,
    resource.state,
    least(CAST(resource.created_at AS DATE), resource.first_charged_on) AS alive_since,
    resource.instance_type,
    type.family,
    type.architecture,
    resource.vcpus,
    resource.memory_gib,
    type.is_burstable,
    coalesce(
        resource.gpus > 0
        OR TRY_CAST(resource.attributes['gpu_count'] AS INTEGER) > 0
        OR charges.has_gpu
        OR gpu_metrics.resource_id IS NOT NULL,
        FALSE
    ) AS has_gpu,
    coalesce(
        TRY_CAST(resource.attributes['local_disk_count'] AS INTEGER) > 0,
        -- Storage families, and the d that stands behind a generation: m5d.
        CASE WHEN resource.provider = 'AWS' THEN regexp_matches(type.family, '^(i|d|h|im|is)[0-9]|^[a-z]+[0-9]+[a-z]*d') END
    ) AS has_local_disks,
    coalesce(resource.attributes['is_spot'] = 'true', FALSE) OR coalesce(charges.is_spot, FALSE) AS is_spot,
    charges.operation,
    coalesce(charges.has_licence_fee, FALSE) AS has_licence_fee,
    resource.attributes['auto_scaling_group'] AS auto_scaling_group,
    resource.attributes['cluster'] AS cluster,
    resource.tags,
    resource.attributes,
    resource.monthly_cost,
    resource.monthly_committed_cost,
    resource.monthly_instance_cost,
    resource.monthly_instance_hours
FROM usage.resources AS resource
LEFT JOIN inventory.instance_types AS type ON resource.provider = type.provider AND resource.instance_type = type.instance_type
LEFT JOIN charges
    ON
        resource.provider = charges.provider
        AND resource.account_id IS NOT DISTINCT FROM charges.account_id
        AND resource.resource_id = charges.resource_id
        AND resource.currency = charges.currency
LEFT JOIN gpu_metrics
    ON
        resource.provider = gpu_metrics.provider
        AND resource.account_id = gpu_metrics.account_id
        AND resource.resource_id = gpu_metrics.resource_id
WHERE resource.resource_type = 'virtual_machine'
