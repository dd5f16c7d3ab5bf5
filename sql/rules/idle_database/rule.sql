-- Running databases to which nobody connected.
WITH databases AS (
    SELECT
        resource.*,
        lower(resource.state) AS plain_state,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'database'
),

activity AS (
    SELECT
        day.provider,
        day.account_id,
        day.resource_id,
        max(day.maximum) AS connections_max,
        sum(day.hours_observed) AS hours_observed
    FROM usage.resource_day AS day
    WHERE
        day.metric = 'connections'
        AND day.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND day.usage_date < CAST($as_of AS DATE)
    GROUP BY day.provider, day.account_id, day.resource_id
),

verdicts AS (
    SELECT
        database.*,
        activity.connections_max,
        coalesce(activity.hours_observed, 0) AS hours_observed,
        24 * CAST($look_back_days AS INTEGER) AS hours_expected,
        CASE
            WHEN database.is_inventoried_type AND NOT database.is_in_inventory THEN 'gone'
            WHEN database.plain_state IN ('stopped', 'stopping', 'suspended', 'deleting') THEN 'stopped'
            WHEN database.attributes['is_read_replica'] = 'true' THEN 'replica'
            WHEN database.attributes['cluster_id'] IS NOT NULL THEN 'cluster_member'
            WHEN activity.connections_max > 0 THEN 'busy'
            WHEN coalesce(activity.hours_observed, 0) = 0 THEN 'no_metric'
            WHEN database.age_days < $look_back_days THEN 'too_young'
            WHEN activity.hours_observed * 100 < 24 * $look_back_days * $minimum_coverage_percent THEN 'gaps'
            WHEN database.currency IS NOT NULL AND database.monthly_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM databases AS database
    LEFT JOIN activity
        ON
            database.provider = activity.provider
            AND database.account_id = activity.account_id
            AND database.resource_id = activity.resource_id
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.is_in_inventory THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.is_in_inventory THEN 'No connection was open in any observed hour, and the database is no replica'
        ELSE 'No connection was open in any observed hour, but no inventory says whether it is a replica'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': verdicts.hours_expected,
        'hours_observed': verdicts.hours_observed,
        'connections_max': verdicts.connections_max,
        'connections_threshold': 0,
        'age_days': verdicts.age_days,
        'engine': verdicts.attributes['engine'],
        'instance_type': verdicts.instance_type,
        'state': verdicts.state
    } AS evidence
FROM verdicts
