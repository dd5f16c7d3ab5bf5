-- Notebook machines that run although nobody has used them for a week and nothing computes on them.
WITH notebooks AS (
    SELECT
        resource.*,
        replace(lower(resource.state), '_', '') AS plain_state,
        coalesce(TRY_CAST(resource.attributes['gpu_count'] AS INTEGER), resource.gpus, 0) AS gpu_count,
        date_diff('day', CAST(resource.last_activity_at AS DATE), CAST($as_of AS DATE)) AS inactive_days,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days,
        -- Without a sign of users the load decides, and for that it is watched longer.
        CASE
            WHEN resource.last_activity_at IS NULL AND resource.provider = 'GCP' THEN CAST($load_look_back_days AS INTEGER)
            ELSE CAST($minimum_inactive_days AS INTEGER)
        END AS look_back_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'notebook'
),

activity AS (
    SELECT
        notebook.provider,
        notebook.account_id,
        notebook.resource_id,
        max(observed.maximum) FILTER (WHERE observed.metric = 'cpu_percent') AS cpu_percent_max,
        sum(observed.hours_observed) FILTER (WHERE observed.metric = 'cpu_percent') AS cpu_hours,
        max(observed.maximum) FILTER (WHERE observed.metric = 'gpu_percent') AS gpu_percent_max,
        sum(observed.hours_observed) FILTER (WHERE observed.metric = 'gpu_percent') AS gpu_hours
    FROM (
        SELECT DISTINCT
            listed.provider,
            listed.account_id,
            listed.resource_id,
            listed.look_back_days
        FROM notebooks AS listed
    ) AS notebook
    INNER JOIN usage.resource_day AS observed
        ON
            notebook.provider = observed.provider
            AND notebook.account_id = observed.account_id
            AND notebook.resource_id = observed.resource_id
    WHERE
        observed.metric IN ('cpu_percent', 'gpu_percent')
        AND observed.usage_date >= CAST($as_of AS DATE) - notebook.look_back_days
        AND observed.usage_date < CAST($as_of AS DATE)
    GROUP BY notebook.provider, notebook.account_id, notebook.resource_id
),

measured AS (
    SELECT
        notebook.*,
        activity.cpu_percent_max,
        activity.gpu_percent_max,
        24 * notebook.look_back_days AS hours_expected,
        coalesce(activity.cpu_hours, 0) AS cpu_hours,
        coalesce(activity.gpu_hours, 0) AS gpu_hours,
        coalesce(activity.cpu_hours, 0) * 100 >= 24 * notebook.look_back_days * $minimum_coverage_percent AS is_cpu_measured,
        coalesce(activity.gpu_hours, 0) * 100 >= 24 * notebook.look_back_days * $minimum_coverage_percent AS is_gpu_measured,
        -- One busy core of a large machine is a small share of it.
        least(CAST($busy_percent AS DOUBLE), 50.0 / nullif(notebook.vcpus, 0)) AS half_core_percent
    FROM notebooks AS notebook
    LEFT JOIN activity
        ON
            notebook.provider = activity.provider
            AND notebook.account_id = activity.account_id
            AND notebook.resource_id = activity.resource_id
),

verdicts AS (
    SELECT
        measured.*,
        CASE
            WHEN measured.is_inventoried_type AND NOT measured.is_in_inventory THEN 'gone'
            WHEN measured.plain_state NOT IN ('inservice', 'running', 'active') THEN 'stopped'
            WHEN measured.inactive_days < $minimum_inactive_days THEN 'used'
            -- A kernel that computes overnight is in use, although nobody touches the keyboard.
            WHEN greatest(measured.cpu_percent_max, measured.gpu_percent_max) >= $busy_percent THEN 'used'
            WHEN measured.is_in_inventory AND measured.age_days < measured.look_back_days THEN 'too_young'
            WHEN measured.last_activity_at IS NULL AND measured.provider <> 'GCP' THEN 'no_activity_signal'
            WHEN measured.last_activity_at IS NULL AND NOT measured.is_cpu_measured THEN 'no_activity_signal'
            WHEN measured.last_activity_at IS NULL AND measured.gpu_count > 0 AND NOT measured.is_gpu_measured THEN 'no_activity_signal'
            WHEN measured.last_activity_at IS NULL AND measured.cpu_percent_max >= measured.half_core_percent THEN 'used'
            WHEN measured.currency IS NOT NULL AND measured.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN measured.last_activity_at IS NULL THEN 'idle_by_load'
            ELSE 'idle'
        END AS verdict
    FROM measured
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    CASE WHEN verdicts.verdict IN ('idle', 'idle_by_load') THEN 'finding' ELSE verdicts.verdict END AS verdict,
    CASE
        WHEN verdicts.verdict = 'idle_by_load' THEN 'low'
        WHEN verdicts.is_cpu_measured THEN 'high'
        ELSE 'medium'
    END AS confidence,
    CASE
        WHEN verdicts.verdict = 'idle_by_load' THEN 'No user activity is told; CPU and GPU alone stayed idle. Ask before acting'
        WHEN verdicts.is_cpu_measured THEN 'No user activity, and CPU and GPU stayed idle'
        ELSE 'No user activity; whether a kernel computes was not measured'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - verdicts.look_back_days,
        'window_end': CAST($as_of AS DATE),
        'last_activity_at': verdicts.last_activity_at,
        'inactive_days': verdicts.inactive_days,
        'inactive_days_threshold': CAST($minimum_inactive_days AS INTEGER),
        'hours_expected': verdicts.hours_expected,
        'cpu_hours_observed': verdicts.cpu_hours,
        'gpu_hours_observed': verdicts.gpu_hours,
        'cpu_or_gpu_percent_max': greatest(verdicts.cpu_percent_max, verdicts.gpu_percent_max),
        'cpu_or_gpu_percent_threshold': CAST($busy_percent AS DOUBLE),
        'half_core_percent': verdicts.half_core_percent,
        'idle_shutdown_minutes': verdicts.attributes['idle_shutdown_minutes'],
        'age_days': verdicts.age_days,
        'state': verdicts.state,
        'instance_type': verdicts.instance_type
    } AS evidence
FROM verdicts
