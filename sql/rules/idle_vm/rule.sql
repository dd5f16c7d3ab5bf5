-- Running machines without GPUs whose busiest hour of CPU and busiest day of network traffic are idle.
WITH activity AS (
    SELECT
        day.provider,
        day.account_id,
        day.resource_id,
        max(day.maximum) FILTER (WHERE day.metric = 'cpu_percent') AS cpu_percent_max,
        sum(day.hours_observed) FILTER (WHERE day.metric = 'cpu_percent') AS cpu_hours,
        max(day.total) FILTER (WHERE day.metric = 'network_bytes') / 1e6 AS network_megabytes_per_day_max,
        sum(day.hours_observed) FILTER (WHERE day.metric = 'network_bytes') AS network_hours
    FROM usage.resource_day AS day
    WHERE
        day.metric IN ('cpu_percent', 'network_bytes')
        AND day.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND day.usage_date < CAST($as_of AS DATE)
    GROUP BY day.provider, day.account_id, day.resource_id
),

measured AS (
    SELECT
        machine.*,
        activity.cpu_percent_max,
        activity.network_megabytes_per_day_max,
        coalesce(activity.cpu_hours, 0) AS cpu_hours,
        coalesce(activity.network_hours, 0) AS network_hours,
        24 * CAST($look_back_days AS INTEGER) AS hours_expected,
        date_diff('day', machine.alive_since, CAST($as_of AS DATE)) AS age_days
    FROM usage.machines AS machine
    LEFT JOIN activity
        ON
            machine.provider = activity.provider
            AND machine.account_id = activity.account_id
            AND machine.resource_id = activity.resource_id
    WHERE NOT machine.has_gpu
),

verdicts AS (
    SELECT
        measured.*,
        CASE
            WHEN measured.is_inventoried_type AND NOT measured.is_in_inventory THEN 'gone'
            WHEN measured.state <> 'running' THEN 'stopped'
            -- One busy hour proves that a machine is used, however little else was observed.
            WHEN measured.cpu_percent_max >= $cpu_percent THEN 'busy'
            WHEN measured.network_megabytes_per_day_max >= $network_megabytes_per_day THEN 'busy'
            WHEN measured.cpu_hours = 0 OR measured.network_hours = 0 THEN 'no_metric'
            WHEN measured.age_days < $look_back_days THEN 'too_young'
            WHEN
                least(measured.cpu_hours, measured.network_hours) * 100 < measured.hours_expected * $minimum_coverage_percent
                THEN 'gaps'
            WHEN measured.currency IS NOT NULL AND measured.monthly_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM measured
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.is_in_inventory AND verdicts.cluster IS NULL THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN NOT verdicts.is_in_inventory THEN 'CPU and network were idle in all observed hours, but no inventory says that it still runs'
        WHEN verdicts.cluster IS NOT NULL THEN 'CPU and network were idle in all observed hours, but the machine is a node of a cluster'
        ELSE 'CPU and network were idle in all observed hours'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': verdicts.hours_expected,
        'cpu_hours_observed': verdicts.cpu_hours,
        'cpu_percent_max': verdicts.cpu_percent_max,
        'cpu_percent_threshold': CAST($cpu_percent AS DOUBLE),
        'network_hours_observed': verdicts.network_hours,
        'network_megabytes_per_day_max': verdicts.network_megabytes_per_day_max,
        'network_megabytes_per_day_threshold': CAST($network_megabytes_per_day AS DOUBLE),
        'age_days': verdicts.age_days,
        'state': verdicts.state,
        'instance_type': verdicts.instance_type,
        'auto_scaling_group': verdicts.auto_scaling_group,
        'cluster': verdicts.cluster
    } AS evidence
FROM verdicts
