-- Resources that carry none of the tags that say whose they are.
SELECT
    resource.provider,
    resource.account_id,
    resource.resource_id,
    resource.currency,
    CASE
        WHEN coalesce(resource.owner, resource.team, resource.project, resource.cost_center) IS NOT NULL THEN 'owned'
        WHEN resource.monthly_cost < $minimum_monthly_cost THEN 'small'
        ELSE 'finding'
    END AS verdict,
    CASE WHEN resource.is_in_inventory THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN resource.is_in_inventory THEN 'Neither the bill nor the inventory carries a tag'
        ELSE 'The bill carries no tag, and no inventory lists the resource'
    END AS confidence_reason,
    CAST(NULL AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'monthly_cost_threshold': CAST($minimum_monthly_cost AS DOUBLE),
        'environment': resource.environment,
        'tag_keys': array_to_string(list_sort(map_keys(resource.tags)), ', '),
        'first_charged_on': resource.first_charged_on
    } AS evidence
FROM usage.resources AS resource
WHERE
    resource.provider IN ('AWS', 'GCP')
    AND resource.currency IS NOT NULL
    AND resource.first_charged_on < CAST($as_of AS DATE)
    AND resource.resource_type IN (
        'virtual_machine',
        'auto_scaling_group',
        'block_volume',
        'snapshot',
        'bucket',
        'database',
        'load_balancer',
        'nat_gateway',
        'inference_endpoint',
        'training_job',
        'processing_job',
        'notebook',
        'tpu',
        'feature_store',
        'provisioned_throughput',
        'log_group',
        'container_repository',
        'other'
    )
