-- Inference endpoints that serve on rented instances and answered no request.
WITH endpoints AS (
    SELECT
        resource.*,
        replace(lower(resource.state), '_', '') AS plain_state,
        coalesce(resource.attributes['is_asynchronous'] = 'true', FALSE) AS is_asynchronous,
        coalesce(resource.attributes['is_serverless'] = 'true', FALSE) AS is_serverless,
        TRY_CAST(resource.attributes['variant_count'] AS INTEGER) AS variant_count,
        TRY_CAST(resource.attributes['minimum_capacity'] AS INTEGER) AS minimum_capacity,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'inference_endpoint'
),

activity AS (
    SELECT
        observed.provider,
        observed.account_id,
        observed.resource_id,
        sum(coalesce(observed.total, observed.maximum)) FILTER (WHERE observed.metric = 'invocations') AS invocations,
        coalesce(sum(observed.hours_observed) FILTER (WHERE observed.metric = 'invocations'), 0) AS invocation_hours,
        max(observed.maximum) FILTER (WHERE observed.metric = 'cpu_percent') AS cpu_percent_max,
        coalesce(sum(observed.hours_observed) FILTER (WHERE observed.metric = 'cpu_percent'), 0) AS cpu_hours
    FROM usage.resource_day AS observed
    WHERE
        observed.metric IN ('invocations', 'cpu_percent')
        AND observed.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND observed.usage_date < CAST($as_of AS DATE)
    GROUP BY observed.provider, observed.account_id, observed.resource_id
),

-- Where the invocations of endpoints are collected at all.
collected AS (
    SELECT DISTINCT
        endpoint.provider,
        endpoint.account_id,
        endpoint.region
    FROM endpoints AS endpoint
    INNER JOIN activity
        ON
            endpoint.provider = activity.provider
            AND endpoint.account_id = activity.account_id
            AND endpoint.resource_id = activity.resource_id
    WHERE activity.invocation_hours > 0
),

measured AS (
    SELECT
        endpoint.*,
        activity.invocations,
        activity.cpu_percent_max,
        coalesce(activity.invocation_hours, 0) AS invocation_hours,
        coalesce(activity.cpu_hours, 0) AS cpu_hours,
        24 * CAST($look_back_days AS INTEGER) AS hours_expected,
        coalesce(activity.invocation_hours, 0) * 100 >= 24 * $look_back_days * $minimum_coverage_percent AS is_measured,
        coalesce(activity.cpu_hours, 0) * 100 >= 24 * $look_back_days * $minimum_coverage_percent AS is_cpu_measured,
        -- A SageMaker endpoint says that it serves, one of Vertex AI that a model is deployed to it.
        endpoint.is_in_inventory
        AND coalesce(endpoint.plain_state = 'inservice' OR endpoint.is_in_use, FALSE)
        AND collected.provider IS NOT NULL
        AND coalesce(activity.cpu_hours, 0) * 100 >= 24 * $look_back_days * $minimum_coverage_percent AS is_silence_proved
    FROM endpoints AS endpoint
    LEFT JOIN activity
        ON
            endpoint.provider = activity.provider
            AND endpoint.account_id = activity.account_id
            AND endpoint.resource_id = activity.resource_id
    LEFT JOIN collected
        ON
            endpoint.provider = collected.provider
            AND endpoint.account_id = collected.account_id
            AND endpoint.region = collected.region
),

verdicts AS (
    SELECT
        measured.*,
        CASE
            WHEN measured.is_inventoried_type AND NOT measured.is_in_inventory THEN 'gone'
            WHEN measured.plain_state IN ('creating', 'outofservice', 'deleting', 'failed', 'stopped', 'undeployed') THEN 'not_serving'
            -- Nothing deployed or nothing rented: there is no serving floor to pay for.
            WHEN measured.is_in_use = FALSE OR measured.instance_count = 0 THEN 'not_serving'
            WHEN measured.is_serverless OR measured.variant_count = 0 OR measured.minimum_capacity = 0 THEN 'not_serving'
            WHEN measured.invocations > $maximum_invocations THEN 'busy'
            WHEN measured.is_asynchronous AND measured.cpu_percent_max >= $busy_percent THEN 'busy'
            WHEN measured.age_days < $look_back_days AND measured.invocation_hours + measured.cpu_hours > 0 THEN 'too_young'
            WHEN measured.is_asynchronous AND NOT measured.is_cpu_measured THEN 'no_activity_signal'
            WHEN measured.invocation_hours = 0 AND NOT measured.is_silence_proved THEN 'no_metric'
            WHEN NOT measured.is_measured AND NOT measured.is_silence_proved THEN 'gaps'
            WHEN measured.currency IS NOT NULL AND measured.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN NOT measured.is_measured THEN 'silent'
            ELSE 'idle'
        END AS verdict
    FROM measured
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    CASE WHEN verdicts.verdict IN ('idle', 'silent') THEN 'finding' ELSE verdicts.verdict END AS verdict,
    CASE WHEN verdicts.is_in_inventory AND verdicts.verdict = 'idle' THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.verdict = 'silent'
            THEN 'No invocation was published, although the metrics of its instances and the invocations of other endpoints were'
        WHEN verdicts.is_in_inventory THEN 'Every observed hour had zero invocations, and the endpoint is in service'
        ELSE 'Every observed hour had zero invocations, but no inventory confirms that the endpoint still serves'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': verdicts.hours_expected,
        'hours_observed': verdicts.invocation_hours,
        'invocations': verdicts.invocations,
        'invocations_threshold': CAST($maximum_invocations AS DOUBLE),
        'cpu_hours_observed': verdicts.cpu_hours,
        'cpu_percent_max': verdicts.cpu_percent_max,
        'age_days': verdicts.age_days,
        'state': verdicts.state,
        'is_asynchronous': verdicts.is_asynchronous,
        'variant_count': verdicts.variant_count,
        'instance_type': verdicts.instance_type,
        'instance_count': verdicts.instance_count
    } AS evidence
FROM verdicts
