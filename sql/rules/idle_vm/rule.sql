-- Running machines without GPUs whose busiest hour of CPU and busiest day of network traffic are idle.
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
        resource.is_in_inventory,
        resource.is_inventoried_type,
        resource.monthly_cost,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    LEFT JOIN gpu_charges ON resource.provider = 'GCP' AND resource.resource_id = gpu_charges.resource_id
    WHERE resource.resource_type = 'virtual_machine' AND coalesce(resource.gpus, 0) = 0 AND gpu_charges.resource_id IS NULL
),

hours AS (
    SELECT
        machine.machine_number,
        hour.metric,
        hour.observed_at,
        hour.maximum,
        hour.total
    FROM machines AS machine
    INNER JOIN usage.resource_hour AS hour
        ON
            machine.provider = hour.provider
            AND machine.resource_id = hour.resource_id
            AND coalesce(machine.account_id, hour.account_id, '') = coalesce(hour.account_id, machine.account_id, '')
    WHERE
        hour.metric IN ('cpu_percent', 'network_bytes', 'gpu_percent')
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
),

activity AS (
    SELECT
        hours.machine_number,
        max(hours.maximum) FILTER (WHERE hours.metric = 'cpu_percent') AS cpu_percent_max,
        count(*) FILTER (WHERE hours.metric = 'cpu_percent') AS cpu_hours,
        count(*) FILTER (WHERE hours.metric = 'network_bytes') AS network_hours,
        count(*) FILTER (WHERE hours.metric = 'gpu_percent') AS gpu_hours
    FROM hours
    GROUP BY hours.machine_number
),

traffic_days AS (
    SELECT
        hours.machine_number,
        CAST(hours.observed_at AS DATE) AS usage_date,
        sum(hours.total) / 1e6 AS network_megabytes
    FROM hours
    WHERE hours.metric = 'network_bytes'
    GROUP BY hours.machine_number, CAST(hours.observed_at AS DATE)
),

traffic AS (
    SELECT
        traffic_days.machine_number,
        max(traffic_days.network_megabytes) AS network_megabytes_per_day_max
    FROM traffic_days
    GROUP BY traffic_days.machine_number
),

verdicts AS (
    SELECT
        machine.*,
        activity.cpu_percent_max,
        coalesce(activity.cpu_hours, 0) AS cpu_hours,
        coalesce(activity.network_hours, 0) AS network_hours,
        traffic.network_megabytes_per_day_max,
        CASE
            WHEN machine.is_inventoried_type AND NOT machine.is_in_inventory THEN 'gone'
            WHEN machine.state <> 'running' THEN 'stopped'
            -- One busy hour proves that a machine is used, however little else was observed.
            WHEN activity.cpu_percent_max >= $cpu_percent THEN 'busy'
            WHEN traffic.network_megabytes_per_day_max >= $network_megabytes_per_day THEN 'busy'
            WHEN coalesce(activity.cpu_hours, 0) = 0 OR coalesce(activity.network_hours, 0) = 0 THEN 'no_metric'
            WHEN machine.age_days < $look_back_days THEN 'too_young'
            WHEN least(activity.cpu_hours, activity.network_hours) * 100 < 24 * $look_back_days * $minimum_coverage_percent THEN 'gaps'
            WHEN machine.currency IS NOT NULL AND machine.monthly_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'idle'
        END AS verdict
    FROM machines AS machine
    LEFT JOIN activity ON machine.machine_number = activity.machine_number
    LEFT JOIN traffic ON machine.machine_number = traffic.machine_number
    WHERE coalesce(activity.gpu_hours, 0) = 0
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    CASE
        WHEN verdicts.verdict = 'idle' THEN 'finding'
        WHEN verdicts.verdict IN ('too_young', 'no_metric', 'gaps') THEN 'not_evaluable'
        ELSE 'clean'
    END AS outcome,
    CASE WHEN verdicts.verdict IN ('too_young', 'no_metric', 'gaps') THEN verdicts.verdict END AS reason,
    CASE WHEN verdicts.is_in_inventory THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.is_in_inventory THEN 'CPU and network were idle in all observed hours'
        ELSE 'CPU and network were idle in all observed hours, but no inventory confirms that the machine still runs'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    CAST(NULL AS VARCHAR) AS target,
    CAST(NULL AS DECIMAL(38, 12)) AS accrued_cost,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': 24 * CAST($look_back_days AS INTEGER),
        'cpu_hours_observed': verdicts.cpu_hours,
        'cpu_percent_max': verdicts.cpu_percent_max,
        'cpu_percent_threshold': CAST($cpu_percent AS DOUBLE),
        'network_hours_observed': verdicts.network_hours,
        'network_megabytes_per_day_max': verdicts.network_megabytes_per_day_max,
        'network_megabytes_per_day_threshold': CAST($network_megabytes_per_day AS DOUBLE),
        'age_days': verdicts.age_days,
        'state': verdicts.state,
        'instance_type': verdicts.instance_type
    } AS evidence
FROM verdicts
