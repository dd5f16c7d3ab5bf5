-- Online feature stores that nobody reads from.
WITH stores AS (
    SELECT
        resource.*,
        replace(lower(resource.state), '_', '') AS plain_state,
        TRY_CAST(resource.attributes['online_node_count'] AS INTEGER) AS online_node_count,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'feature_store'
),

activity AS (
    SELECT
        observed.provider,
        observed.account_id,
        observed.resource_id,
        sum(coalesce(observed.total, observed.maximum)) AS invocations,
        sum(observed.hours_observed) AS hours_observed
    FROM usage.resource_day AS observed
    WHERE
        observed.metric = 'invocations'
        AND observed.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND observed.usage_date < CAST($as_of AS DATE)
    GROUP BY observed.provider, observed.account_id, observed.resource_id
),

measured AS (
    SELECT
        store.*,
        activity.invocations,
        coalesce(activity.hours_observed, 0) AS hours_observed,
        24 * CAST($look_back_days AS INTEGER) AS hours_expected
    FROM stores AS store
    LEFT JOIN activity
        ON
            store.provider = activity.provider
            AND store.account_id = activity.account_id
            AND store.resource_id = activity.resource_id
),

verdicts AS (
    SELECT
        measured.*,
        CASE
            WHEN measured.is_inventoried_type AND NOT measured.is_in_inventory THEN 'gone'
            WHEN measured.plain_state IN ('creating', 'createfailed', 'deleting', 'deletefailed', 'failed') THEN 'not_serving'
            WHEN measured.online_node_count = 0 THEN 'not_serving'
            WHEN measured.invocations > $maximum_requests THEN 'busy'
            WHEN measured.hours_observed = 0 THEN 'no_metric'
            WHEN measured.age_days < $look_back_days THEN 'too_young'
            WHEN measured.hours_observed * 100 < measured.hours_expected * $minimum_coverage_percent THEN 'gaps'
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
    CASE WHEN verdicts.is_in_inventory THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.is_in_inventory THEN 'Every observed hour had zero requests, and the inventory lists the store'
        ELSE 'Every observed hour had zero requests, but no inventory confirms that the store still exists'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': verdicts.hours_expected,
        'hours_observed': verdicts.hours_observed,
        'requests': verdicts.invocations,
        'requests_threshold': CAST($maximum_requests AS DOUBLE),
        'online_node_count': verdicts.online_node_count,
        'age_days': verdicts.age_days,
        'state': verdicts.state
    } AS evidence
FROM verdicts
