-- Series of the benchmark's estate: which resource reports which metric, at which night and working-hours level.
WITH kinds (prefix, resource_type, resource_count, instance_type, usage_type, hourly_price) AS (
    VALUES
    ('i-plain', 'virtual_machine', 7000, 'm5.2xlarge', 'BoxUsage:m5.2xlarge', 0.384),
    ('i-gpu', 'virtual_machine', 400, 'g5.12xlarge', 'BoxUsage:g5.12xlarge', 5.672),
    ('db', 'database', 800, 'db.m5.2xlarge', 'InstanceUsage:db.m5.2xlarge', 0.712),
    ('endpoint', 'inference_endpoint', 400, 'ml.m5.2xlarge', 'Host:ml.m5.2xlarge', 0.461),
    ('vol', 'block_volume', 4200, NULL, 'EBS:VolumeUsage.gp3', 0.0111)
),

metrics (prefix, metric) AS (
    VALUES
    ('i-plain', 'cpu_percent'), ('i-plain', 'memory_percent'), ('i-plain', 'network_bytes'),
    ('i-plain', 'disk_operations'), ('i-plain', 'disk_bytes'), ('i-plain', 'cpu_surplus_credits'),
    ('i-gpu', 'cpu_percent'), ('i-gpu', 'memory_percent'), ('i-gpu', 'network_bytes'),
    ('i-gpu', 'gpu_percent'), ('i-gpu', 'gpu_memory_percent'), ('i-gpu', 'gpus_in_use'),
    ('db', 'cpu_percent'), ('db', 'memory_percent'), ('db', 'network_bytes'),
    ('db', 'disk_operations'), ('db', 'disk_bytes'), ('db', 'connections'),
    ('endpoint', 'cpu_percent'), ('endpoint', 'memory_percent'), ('endpoint', 'network_bytes'),
    ('endpoint', 'gpu_percent'), ('endpoint', 'gpu_memory_percent'), ('endpoint', 'invocations'),
    ('vol', 'disk_operations'), ('vol', 'disk_bytes')
)

SELECT
    kinds.resource_type,
    kinds.instance_type,
    kinds.usage_type,
    kinds.hourly_price,
    metrics.metric,
    concat(kinds.prefix, '-', lpad(CAST(number.n AS VARCHAR), 5, '0')) AS resource_id,
    concat('1000000000', 10 + number.n % 20) AS account_id,
    ['us-east-1', 'us-west-2', 'eu-west-1'][1 + number.n % 3] AS region,
    -- One resource in ten idles, one in ten rests at night, the others never do.
    CASE WHEN number.n % 10 < 2 THEN 0.5 ELSE 20 END AS night_level,
    CASE WHEN number.n % 10 = 0 THEN 1 ELSE 30 + number.n % 60 END AS day_level
FROM kinds
INNER JOIN metrics ON kinds.prefix = metrics.prefix
CROSS JOIN range(kinds.resource_count) AS number (n)
