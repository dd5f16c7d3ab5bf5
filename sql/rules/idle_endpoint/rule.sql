-- Inference endpoints that serve on rented instances and answered no request.
WITH endpoints AS (
    SELECT
        row_number() OVER () AS endpoint_number,
        resource.provider,
        resource.account_id,
        resource.resource_id,
        resource.currency,
        resource.state,
        resource.instance_type,
        resource.instance_count,
        resource.is_in_use,
        resource.is_in_inventory,
        resource.is_inventoried_type,
        resource.monthly_cost,
        replace(lower(resource.state), '_', '') AS plain_state,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'inference_endpoint'
),

activity AS (
    SELECT
        endpoint.endpoint_number,
        sum(coalesce(hour.total, hour.maximum)) AS invocations,
        count(*) AS hours_observed
    FROM endpoints AS endpoint
    INNER JOIN usage.resource_hour AS hour
        ON
            endpoint.provider = hour.provider
            AND endpoint.resource_id = hour.resource_id
            AND coalesce(endpoint.account_id, hour.account_id, '') = coalesce(hour.account_id, endpoint.account_id, '')
    WHERE
        hour.metric = 'invocations'
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY endpoint.endpoint_number
),

verdicts AS (
    SELECT
        endpoint.*,
        activity.invocations,
        coalesce(activity.hours_observed, 0) AS hours_observed,
        CASE
            WHEN endpoint.is_inventoried_type AND NOT endpoint.is_in_inventory THEN 'gone'
            WHEN endpoint.plain_state IN ('creating', 'outofservice', 'deleting', 'failed', 'stopped', 'undeployed') THEN 'not_serving'
            -- Nothing deployed or no instance: there is no serving floor to pay for.
            WHEN endpoint.is_in_use = FALSE OR endpoint.instance_count = 0 THEN 'not_serving'
            WHEN activity.invocations > $maximum_invocations THEN 'busy'
            WHEN coalesce(activity.hours_observed, 0) = 0 THEN 'no_metric'
            WHEN endpoint.age_days < $look_back_days THEN 'too_young'
            WHEN activity.hours_observed * 100 < 24 * $look_back_days * $minimum_coverage_percent THEN 'gaps'
            WHEN endpoint.currency IS NOT NULL AND endpoint.monthly_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'idle'
        END AS verdict
    FROM endpoints AS endpoint
    LEFT JOIN activity ON endpoint.endpoint_number = activity.endpoint_number
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
        WHEN verdicts.is_in_inventory THEN 'Every observed hour had zero invocations, and the endpoint is in service'
        ELSE 'Every observed hour had zero invocations, but no inventory confirms that the endpoint still serves'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    CAST(NULL AS VARCHAR) AS target,
    CAST(NULL AS DECIMAL(38, 12)) AS accrued_cost,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': 24 * CAST($look_back_days AS INTEGER),
        'hours_observed': verdicts.hours_observed,
        'invocations': verdicts.invocations,
        'invocations_threshold': CAST($maximum_invocations AS DOUBLE),
        'age_days': verdicts.age_days,
        'state': verdicts.state,
        'instance_type': verdicts.instance_type,
        'instance_count': verdicts.instance_count
    } AS evidence
FROM verdicts
