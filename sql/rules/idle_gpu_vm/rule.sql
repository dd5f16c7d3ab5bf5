-- Running machines with GPUs whose busiest GPU never did anything worth its price.
WITH gpu_charges AS (
    -- A GPU that is attached to a GCP machine is no part of its machine type: only the bill shows it.
    SELECT DISTINCT daily.ResourceId AS resource_id
    FROM core.daily_cost AS daily
    WHERE
        daily.ProviderName = 'GCP'
        AND daily.x_usage_type ILIKE '%gpu%'
        AND daily.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND daily.usage_date < CAST($as_of AS DATE)
),

machines AS (
    SELECT
        row_number() OVER () AS machine_number,
        resource.provider,
        resource.account_id,
        resource.resource_id,
        resource.currency,
        resource.state,
        resource.instance_type,
        resource.gpus,
        resource.is_in_inventory,
        resource.is_inventoried_type,
        resource.monthly_cost,
        coalesce(resource.gpus, 0) > 0 OR gpu_charges.resource_id IS NOT NULL AS is_gpu_machine,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    LEFT JOIN gpu_charges ON resource.provider = 'GCP' AND resource.resource_id = gpu_charges.resource_id
    WHERE resource.resource_type = 'virtual_machine'
),

activity AS (
    SELECT
        machine.machine_number,
        max(hour.maximum) FILTER (WHERE hour.metric = 'gpu_percent') AS gpu_percent_max,
        count(*) FILTER (WHERE hour.metric = 'gpu_percent') AS gpu_hours,
        max(hour.maximum) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_percent_max,
        max(hour.average) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_percent_busiest_hour,
        count(*) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_hours
    FROM machines AS machine
    INNER JOIN usage.resource_hour AS hour
        ON
            machine.provider = hour.provider
            AND machine.resource_id = hour.resource_id
            AND coalesce(machine.account_id, hour.account_id, '') = coalesce(hour.account_id, machine.account_id, '')
    WHERE
        hour.metric IN ('cpu_percent', 'gpu_percent')
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY machine.machine_number
),

verdicts AS (
    SELECT
        machine.*,
        activity.gpu_percent_max,
        activity.cpu_percent_max,
        coalesce(activity.gpu_hours, 0) AS gpu_hours,
        coalesce(activity.cpu_hours, 0) AS cpu_hours,
        CASE
            WHEN machine.is_inventoried_type AND NOT machine.is_in_inventory THEN 'gone'
            WHEN machine.state <> 'running' THEN 'stopped'
            WHEN activity.gpu_percent_max >= $gpu_percent THEN 'busy'
            -- Work on the CPU is work: terminating the machine would stop it, whatever its GPU does.
            WHEN activity.cpu_percent_busiest_hour >= $working_cpu_percent THEN 'busy'
            WHEN coalesce(activity.gpu_hours, 0) = 0 AND activity.cpu_percent_max >= $quiet_cpu_percent THEN 'busy'
            WHEN coalesce(activity.gpu_hours, 0) = 0 AND coalesce(activity.cpu_hours, 0) = 0 THEN 'no_metric'
            WHEN machine.age_days < $look_back_days THEN 'too_young'
            WHEN
                coalesce(nullif(activity.gpu_hours, 0), activity.cpu_hours) * 100 < 24 * $look_back_days * $minimum_coverage_percent
                THEN 'gaps'
            WHEN machine.currency IS NOT NULL AND machine.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN coalesce(activity.gpu_hours, 0) = 0 THEN 'idle_by_cpu'
            WHEN activity.cpu_percent_max < $quiet_cpu_percent THEN 'idle'
            ELSE 'idle_by_gpu'
        END AS verdict
    FROM machines AS machine
    LEFT JOIN activity ON machine.machine_number = activity.machine_number
    WHERE machine.is_gpu_machine OR coalesce(activity.gpu_hours, 0) > 0
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    CASE
        WHEN verdicts.verdict IN ('idle', 'idle_by_cpu', 'idle_by_gpu') THEN 'finding'
        WHEN verdicts.verdict IN ('too_young', 'no_metric', 'gaps') THEN 'not_evaluable'
        ELSE 'clean'
    END AS outcome,
    CASE WHEN verdicts.verdict IN ('too_young', 'no_metric', 'gaps') THEN verdicts.verdict END AS reason,
    CASE WHEN verdicts.verdict = 'idle' THEN 'high' ELSE 'medium' END AS confidence,
    CASE verdicts.verdict
        WHEN 'idle_by_cpu' THEN 'No GPU metric is collected; the CPU alone was quiet. Never act on this without asking'
        WHEN 'idle_by_gpu' THEN 'All GPUs were idle, but the CPU was not seen to be quiet'
        ELSE 'All GPUs were idle and the CPU was quiet'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    CAST(NULL AS VARCHAR) AS target,
    CAST(NULL AS DECIMAL(38, 12)) AS accrued_cost,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': 24 * CAST($look_back_days AS INTEGER),
        'gpu_hours_observed': verdicts.gpu_hours,
        'gpu_percent_max': verdicts.gpu_percent_max,
        'gpu_percent_threshold': CAST($gpu_percent AS DOUBLE),
        'cpu_hours_observed': verdicts.cpu_hours,
        'cpu_percent_max': verdicts.cpu_percent_max,
        'cpu_percent_threshold': CAST($quiet_cpu_percent AS DOUBLE),
        'age_days': verdicts.age_days,
        'state': verdicts.state,
        'instance_type': verdicts.instance_type,
        'gpus': verdicts.gpus
    } AS evidence
FROM verdicts
