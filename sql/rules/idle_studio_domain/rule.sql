-- Studio domains in which nothing has run for a month; their file system and security set-up go on costing.
WITH domains AS (
    SELECT
        resource.*,
        replace(lower(resource.state), '_', '') AS plain_state,
        TRY_CAST(resource.attributes['running_app_count'] AS INTEGER) AS running_app_count,
        -- The domain's own id, whatever the shape of the resource id.
        regexp_extract(resource.resource_id, '[^/:]+$') AS domain_id,
        resource.attributes['home_file_system_id'] AS home_file_system_id,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'studio_domain'
),

activity AS (
    -- Apps that ran in the window: of this domain, or of a domain that nobody can tell any more because they are deleted.
    SELECT
        domain.provider,
        domain.account_id,
        domain.resource_id,
        count(*) FILTER (WHERE app.attributes['domain_id'] = domain.domain_id) AS own_apps,
        count(*) FILTER (WHERE app.attributes['domain_id'] IS NULL) AS unknown_apps
    FROM domains AS domain
    INNER JOIN usage.resources AS app
        ON
            domain.provider = app.provider
            AND domain.account_id = app.account_id
            AND domain.region = app.region
    WHERE
        app.resource_type = 'studio_app'
        AND greatest(app.last_charged_on, CAST(app.created_at AS DATE), CAST(app.last_activity_at AS DATE))
        >= CAST($as_of AS DATE) - CAST($minimum_inactive_days AS INTEGER)
    GROUP BY domain.provider, domain.account_id, domain.resource_id
),

file_systems AS (
    SELECT
        domain.provider,
        domain.account_id,
        domain.resource_id,
        sum(stored.monthly_cost) AS monthly_cost
    FROM domains AS domain
    INNER JOIN usage.resources AS stored
        ON
            domain.provider = stored.provider
            AND domain.account_id = stored.account_id
            AND domain.home_file_system_id = regexp_extract(stored.resource_id, '[^/:]+$')
    GROUP BY domain.provider, domain.account_id, domain.resource_id
),

verdicts AS (
    SELECT
        domain.*,
        file_systems.monthly_cost AS file_system_monthly_cost,
        CASE
            WHEN domain.is_inventoried_type AND NOT domain.is_in_inventory THEN 'gone'
            WHEN domain.plain_state IN ('deleting', 'deletefailed', 'failed', 'pending') THEN 'not_serving'
            WHEN domain.running_app_count > 0 OR activity.own_apps > 0 THEN 'used'
            WHEN CAST(domain.last_activity_at AS DATE) > CAST($as_of AS DATE) - CAST($minimum_inactive_days AS INTEGER) THEN 'used'
            WHEN domain.age_days < $minimum_inactive_days THEN 'too_young'
            WHEN domain.running_app_count IS NULL THEN 'unknown_configuration'
            WHEN activity.unknown_apps > 0 THEN 'no_activity_signal'
            ELSE 'finding'
        END AS verdict
    FROM domains AS domain
    LEFT JOIN activity
        ON domain.provider = activity.provider AND domain.account_id = activity.account_id AND domain.resource_id = activity.resource_id
    LEFT JOIN file_systems
        ON
            domain.provider = file_systems.provider
            AND domain.account_id = file_systems.account_id
            AND domain.resource_id = file_systems.resource_id
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    'medium' AS confidence,
    'No app runs now, and none of the account and region ran in it within the window' AS confidence_reason,
    -- Its file system is billed apart, and whether its files are needed is not known: only what is billed on the domain itself is saved.
    CASE WHEN verdicts.monthly_cost > 0 THEN CAST(0 AS DECIMAL(18, 12)) END AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($minimum_inactive_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'inactive_days_threshold': CAST($minimum_inactive_days AS INTEGER),
        'running_app_count': verdicts.running_app_count,
        'home_file_system_id': verdicts.home_file_system_id,
        'home_file_system_monthly_cost': verdicts.file_system_monthly_cost,
        'age_days': verdicts.age_days,
        'state': verdicts.state
    } AS evidence
FROM verdicts
