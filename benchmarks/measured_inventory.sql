-- The inventory of the benchmark's estate: volumes are attached to the machine of their number.
SELECT DISTINCT
    'AWS' AS provider,
    series.account_id,
    series.region,
    series.resource_id,
    series.resource_id AS resource_name,
    series.resource_type,
    series.instance_type,
    CASE series.resource_type
        WHEN 'virtual_machine' THEN 'running'
        WHEN 'block_volume' THEN 'in_use'
        WHEN 'database' THEN 'available'
        ELSE 'in_service'
    END AS state,
    CASE WHEN series.resource_type = 'inference_endpoint' THEN 2 END AS instance_count,
    CASE WHEN series.resource_type = 'block_volume' THEN 100 END AS size_gib,
    CASE WHEN series.resource_type = 'block_volume' THEN 'gp3' END AS volume_type,
    CASE WHEN series.resource_type = 'block_volume' THEN replace(series.resource_id, 'vol-', 'i-plain-') END AS attached_to,
    TIMESTAMP '2026-01-01' AS created_at,
    map(['team'], [concat('team-', right(series.account_id, 1))]) AS tags,
    map(['variant_count'], ['1']) AS attributes,
    TIMESTAMP '2026-09-30 23:00:00' AS observed_at
FROM series
