-- Running machines with GPUs whose busiest GPU never did anything worth its price.
WITH gpu_charges AS (
    -- A GPU that is attached to a GCP machine is no part of its machine type: the bill shows it.
    SELECT DISTINCT
        charge.provider,
        charge.account_id,
        charge.resource_id
    FROM usage.resource_charges AS charge
    WHERE charge.provider = 'GCP' AND charge.usage_type ILIKE '%gpu%'
),

machines AS (
    SELECT
        resource.*,
        coalesce(TRY_CAST(resource.attributes['gpu_count'] AS INTEGER), nullif(resource.gpus, 0)) AS gpu_count,
        gpu_charges.resource_id IS NOT NULL AS has_gpu_charges,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    LEFT JOIN gpu_charges
        ON
            resource.provider = gpu_charges.provider
            AND resource.account_id = gpu_charges.account_id
            AND resource.resource_id = gpu_charges.resource_id
    WHERE resource.resource_type = 'virtual_machine'
),

activity AS (
    SELECT
        hour.provider,
        hour.account_id,
        hour.resource_id,
        max(hour.maximum) FILTER (WHERE hour.metric = 'gpu_percent') AS gpu_percent_max,
        count(*) FILTER (WHERE hour.metric = 'gpu_percent') AS gpu_hours,
        max(hour.maximum) FILTER (WHERE hour.metric = 'gpu_memory_percent') AS gpu_memory_percent_max,
        max(hour.maximum) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_percent_max,
        max(hour.average) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_percent_busiest_hour,
        count(*) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_hours
    FROM usage.resource_hour AS hour
    WHERE
        hour.metric IN ('cpu_percent', 'gpu_percent', 'gpu_memory_percent')
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY hour.provider, hour.account_id, hour.resource_id
),

measured AS (
    SELECT
        machine.*,
        activity.gpu_percent_max,
        activity.gpu_memory_percent_max,
        activity.cpu_percent_max,
        activity.cpu_percent_busiest_hour,
        coalesce(activity.gpu_hours, 0) AS gpu_hours,
        coalesce(activity.cpu_hours, 0) AS cpu_hours,
        24 * CAST($look_back_days AS INTEGER) AS hours_expected
    FROM machines AS machine
    LEFT JOIN activity
        ON
            machine.provider = activity.provider
            AND machine.account_id = activity.account_id
            AND machine.resource_id = activity.resource_id
    WHERE machine.gpu_count > 0 OR machine.has_gpu_charges OR activity.gpu_hours > 0
),

verdicts AS (
    SELECT
        measured.*,
        CASE
            WHEN measured.is_inventoried_type AND NOT measured.is_in_inventory THEN 'gone'
            WHEN measured.state <> 'running' THEN 'stopped'
            WHEN measured.gpu_percent_max >= $gpu_percent THEN 'busy'
            -- Work on the CPU is work: terminating the machine would stop it, whatever its GPU does.
            WHEN measured.cpu_percent_busiest_hour >= $working_cpu_percent THEN 'busy'
            WHEN measured.gpu_hours = 0 AND measured.cpu_percent_max >= $quiet_cpu_percent THEN 'busy'
            WHEN measured.gpu_hours = 0 AND measured.cpu_hours = 0 THEN 'no_metric'
            WHEN measured.age_days < $look_back_days THEN 'too_young'
            WHEN
                coalesce(nullif(measured.gpu_hours, 0), measured.cpu_hours) * 100 < measured.hours_expected * $minimum_coverage_percent
                THEN 'gaps'
            WHEN measured.currency IS NOT NULL AND measured.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN measured.gpu_hours = 0 THEN 'idle_by_cpu'
            WHEN measured.gpu_memory_percent_max >= $gpu_memory_percent THEN 'idle_loaded'
            WHEN measured.cpu_percent_max < $quiet_cpu_percent THEN 'idle'
            ELSE 'idle_by_gpu'
        END AS verdict
    FROM measured
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    CASE WHEN verdicts.verdict LIKE 'idle%' THEN 'finding' ELSE verdicts.verdict END AS verdict,
    CASE WHEN verdicts.verdict = 'idle' THEN 'high' ELSE 'medium' END AS confidence,
    CASE verdicts.verdict
        WHEN 'idle_by_cpu' THEN 'No GPU metric is collected; the CPU alone was quiet. Never act on this without asking'
        WHEN 'idle_by_gpu' THEN 'All GPUs were idle, but the CPU was not seen to be quiet'
        WHEN 'idle_loaded' THEN 'All GPUs were idle, but something is loaded in GPU memory'
        ELSE 'All GPUs were idle and the CPU was quiet'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': verdicts.hours_expected,
        'gpu_hours_observed': verdicts.gpu_hours,
        'gpu_percent_max': verdicts.gpu_percent_max,
        'gpu_percent_threshold': CAST($gpu_percent AS DOUBLE),
        'gpu_memory_percent_max': verdicts.gpu_memory_percent_max,
        'gpu_memory_percent_threshold': CAST($gpu_memory_percent AS DOUBLE),
        'cpu_hours_observed': verdicts.cpu_hours,
        'cpu_percent_max': verdicts.cpu_percent_max,
        'cpu_percent_threshold': CAST($quiet_cpu_percent AS DOUBLE),
        'age_days': verdicts.age_days,
        'state': verdicts.state,
        'instance_type': verdicts.instance_type,
        'gpus': verdicts.gpu_count
    } AS evidence
FROM verdicts
