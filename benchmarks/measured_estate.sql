-- Series of the benchmark's estate: which resource reports which metric, at which night and working-hours level.
WITH kinds (prefix, resource_type, resource_count, instance_type, usage_type, unit, hourly_price, metrics) AS (
    VALUES
    ('i-plain', 'virtual_machine', 7000, 'm5.2xlarge', 'BoxUsage:m5.2xlarge', 'Hrs', 0.384,
        ['cpu_percent', 'memory_percent', 'network_bytes', 'disk_operations', 'disk_bytes', 'cpu_surplus_credits']),
    ('i-gpu', 'virtual_machine', 400, 'g5.12xlarge', 'BoxUsage:g5.12xlarge', 'Hrs', 5.672,
        ['cpu_percent', 'memory_percent', 'network_bytes', 'gpu_percent', 'gpu_memory_percent', 'gpus_in_use']),
    ('db', 'database', 800, 'db.m5.2xlarge', 'InstanceUsage:db.m5.2xlarge', 'Hrs', 0.712,
        ['cpu_percent', 'memory_percent', 'connections', 'disk_operations', 'disk_bytes', 'network_bytes']),
    ('endpoint', 'inference_endpoint', 400, 'ml.m5.2xlarge', 'Host:ml.m5.2xlarge', 'Hrs', 0.461,
        ['cpu_percent', 'memory_percent', 'gpu_percent', 'gpu_memory_percent', 'invocations', 'network_bytes']),
    ('vol', 'block_volume', 4200, NULL, 'EBS:VolumeUsage.gp3', 'GB-Mo', 0.0111, ['disk_operations', 'disk_bytes'])
)

SELECT
    kinds.* EXCLUDE (metrics, resource_count),
    concat(kinds.prefix, '-', lpad(CAST(number.n AS VARCHAR), 5, '0')) AS resource_id,
    concat('1000000000', lpad(CAST(10 + number.n % 20 AS VARCHAR), 2, '0')) AS account_id,
    ['us-east-1', 'us-west-2', 'eu-west-1'][1 + number.n % 3] AS region,
    unnest(kinds.metrics) AS metric,
    -- One resource in ten idles, one in ten rests at night, the others are busy in working hours.
    CASE WHEN number.n % 10 < 2 THEN 0.5 ELSE 20 END AS night_level,
    CASE WHEN number.n % 10 = 0 THEN 1 ELSE 30 + number.n % 60 END AS day_level
FROM kinds
CROSS JOIN range(kinds.resource_count) AS number (n)
