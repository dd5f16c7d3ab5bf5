-- Studio apps that run although nobody has used them for a week and nothing computes on them.
WITH apps AS (
    SELECT
        resource.*,
        replace(lower(resource.state), '_', '') AS plain_state,
        date_diff('day', CAST(resource.last_activity_at AS DATE), CAST($as_of AS DATE)) AS inactive_days,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'studio_app'
),

activity AS (
    SELECT
        observed.provider,
        observed.account_id,
        observed.resource_id,
        max(observed.maximum) AS percent_max
    FROM usage.resource_day AS observed
    WHERE
        observed.metric IN ('cpu_percent', 'gpu_percent')
        AND observed.usage_date >= CAST($as_of AS DATE) - CAST($minimum_inactive_days AS INTEGER)
        AND observed.usage_date < CAST($as_of AS DATE)
    GROUP BY observed.provider, observed.account_id, observed.resource_id
),

verdicts AS (
    SELECT
        app.*,
        activity.percent_max,
        CASE
            WHEN app.is_inventoried_type AND NOT app.is_in_inventory THEN 'gone'
            WHEN app.plain_state NOT IN ('inservice', 'running', 'active') THEN 'stopped'
            -- The app that draws the user interface runs on a machine that is free of charge.
            WHEN app.instance_type = 'system' THEN 'free'
            WHEN app.inactive_days < $minimum_inactive_days THEN 'used'
            WHEN activity.percent_max >= $busy_percent THEN 'used'
            WHEN app.age_days < $minimum_inactive_days THEN 'too_young'
            WHEN app.last_activity_at IS NULL THEN 'no_activity_signal'
            WHEN app.currency IS NOT NULL AND app.monthly_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM apps AS app
    LEFT JOIN activity
        ON
            app.provider = activity.provider
            AND app.account_id = activity.account_id
            AND app.resource_id = activity.resource_id
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.percent_max IS NOT NULL THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.percent_max IS NOT NULL THEN 'No user activity, and CPU and GPU stayed idle'
        ELSE 'No user activity; whether a kernel computes was not measured'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($minimum_inactive_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'last_activity_at': verdicts.last_activity_at,
        'inactive_days': verdicts.inactive_days,
        'inactive_days_threshold': CAST($minimum_inactive_days AS INTEGER),
        'cpu_or_gpu_percent_max': verdicts.percent_max,
        'cpu_or_gpu_percent_threshold': CAST($busy_percent AS DOUBLE),
        'app_type': verdicts.attributes['app_type'],
        'domain_id': verdicts.attributes['domain_id'],
        'idle_shutdown_minutes': verdicts.attributes['idle_shutdown_minutes'],
        'age_days': verdicts.age_days,
        'state': verdicts.state,
        'instance_type': verdicts.instance_type
    } AS evidence
FROM verdicts
