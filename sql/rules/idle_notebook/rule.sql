-- Notebook machines that run although nobody has used them for a week and nothing computes on them.
WITH notebooks AS (
    SELECT
        row_number() OVER () AS notebook_number,
        resource.provider,
        resource.account_id,
        resource.resource_id,
        resource.currency,
        resource.state,
        resource.instance_type,
        resource.last_activity_at,
        resource.is_in_inventory,
        resource.is_inventoried_type,
        resource.monthly_cost,
        replace(lower(resource.state), '_', '') AS plain_state,
        date_diff('day', CAST(resource.last_activity_at AS DATE), CAST($as_of AS DATE)) AS inactive_days,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'notebook'
),

activity AS (
    SELECT
        notebook.notebook_number,
        max(hour.maximum) AS percent_max,
        count(*) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_hours
    FROM notebooks AS notebook
    INNER JOIN usage.resource_hour AS hour
        ON
            notebook.provider = hour.provider
            AND notebook.resource_id = hour.resource_id
            AND coalesce(notebook.account_id, hour.account_id, '') = coalesce(hour.account_id, notebook.account_id, '')
    WHERE
        hour.metric IN ('cpu_percent', 'gpu_percent')
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($minimum_inactive_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY notebook.notebook_number
),

verdicts AS (
    SELECT
        notebook.*,
        activity.percent_max,
        coalesce(activity.cpu_hours, 0) AS cpu_hours,
        CASE
            WHEN notebook.is_inventoried_type AND NOT notebook.is_in_inventory THEN 'gone'
            WHEN notebook.plain_state NOT IN ('inservice', 'running', 'active') THEN 'stopped'
            WHEN notebook.inactive_days < $minimum_inactive_days THEN 'used'
            -- A kernel that computes overnight is in use, although nobody touches the keyboard.
            WHEN activity.percent_max >= $busy_percent THEN 'used'
            WHEN notebook.is_in_inventory AND notebook.age_days < $minimum_inactive_days THEN 'too_young'
            WHEN notebook.last_activity_at IS NULL THEN 'no_activity_signal'
            WHEN notebook.currency IS NOT NULL AND notebook.monthly_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'idle'
        END AS verdict,
        coalesce(activity.cpu_hours, 0) * 100 >= 24 * $minimum_inactive_days * $minimum_coverage_percent AS is_load_measured
    FROM notebooks AS notebook
    LEFT JOIN activity ON notebook.notebook_number = activity.notebook_number
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    CASE
        WHEN verdicts.verdict = 'idle' THEN 'finding'
        WHEN verdicts.verdict IN ('too_young', 'no_activity_signal') THEN 'not_evaluable'
        ELSE 'clean'
    END AS outcome,
    CASE WHEN verdicts.verdict IN ('too_young', 'no_activity_signal') THEN verdicts.verdict END AS reason,
    CASE WHEN verdicts.is_load_measured THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.is_load_measured THEN 'No user activity, and CPU and GPU stayed idle'
        ELSE 'No user activity; whether a kernel computes was not measured'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    CAST(NULL AS VARCHAR) AS target,
    CAST(NULL AS DECIMAL(38, 12)) AS accrued_cost,
    {
        'last_activity_at': verdicts.last_activity_at,
        'inactive_days': verdicts.inactive_days,
        'inactive_days_threshold': CAST($minimum_inactive_days AS INTEGER),
        'cpu_hours_observed': verdicts.cpu_hours,
        'hours_expected': 24 * CAST($minimum_inactive_days AS INTEGER),
        'cpu_or_gpu_percent_max': verdicts.percent_max,
        'cpu_or_gpu_percent_threshold': CAST($busy_percent AS DOUBLE),
        'age_days': verdicts.age_days,
        'state': verdicts.state,
        'instance_type': verdicts.instance_type
    } AS evidence
FROM verdicts
