-- Model throughput that is paid for by the hour and that nobody asks, as far as its commitment has ended.
WITH throughputs AS (
    SELECT
        resource.*,
        replace(lower(resource.state), '_', '') AS plain_state,
        CAST(TRY_CAST(resource.attributes['commitment_ends_at'] AS TIMESTAMP) AS DATE) AS commitment_ends_on,
        resource.is_in_inventory
        AND (
            resource.attributes['commitment_ends_at'] IS NULL
            OR TRY_CAST(resource.attributes['commitment_ends_at'] AS TIMESTAMP) IS NOT NULL
        ) AS is_commitment_known,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'provisioned_throughput'
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
        throughput.*,
        activity.invocations,
        coalesce(activity.hours_observed, 0) AS hours_observed,
        -- Days of the next 30 that must be paid for anyway.
        greatest(0, date_diff('day', CAST($as_of AS DATE), throughput.commitment_ends_on)) AS committed_days,
        24 * CAST($look_back_days AS INTEGER) AS hours_expected
    FROM throughputs AS throughput
    LEFT JOIN activity
        ON
            throughput.provider = activity.provider
            AND throughput.account_id = activity.account_id
            AND throughput.resource_id = activity.resource_id
),

verdicts AS (
    SELECT
        measured.*,
        CASE
            WHEN measured.is_inventoried_type AND NOT measured.is_in_inventory THEN 'gone'
            WHEN measured.plain_state IN ('creating', 'updating', 'failed', 'expired', 'pending') THEN 'not_serving'
            WHEN measured.invocations > $maximum_requests THEN 'busy'
            WHEN measured.hours_observed = 0 THEN 'no_metric'
            WHEN measured.age_days < $look_back_days THEN 'too_young'
            WHEN measured.hours_observed * 100 < measured.hours_expected * $minimum_coverage_percent THEN 'gaps'
            -- Whether a commitment holds it is known from the inventory alone.
            WHEN NOT measured.is_commitment_known THEN 'unknown_configuration'
            WHEN measured.committed_days >= 30 THEN 'committed'
            WHEN
                measured.currency IS NOT NULL
                AND measured.monthly_cost * (30 - measured.committed_days) < 30 * $minimum_monthly_savings
                THEN 'small'
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
    CASE WHEN verdicts.committed_days > 0 THEN 'medium' ELSE 'high' END AS confidence,
    CASE
        WHEN verdicts.committed_days > 0 THEN 'No request; its commitment ends within 30 days, and it can be ended then'
        ELSE 'No request, and no commitment holds it'
    END AS confidence_reason,
    CASE
        WHEN verdicts.verdict = 'finding' THEN CAST(verdicts.committed_days / 30.0 AS DECIMAL(18, 12))
        ELSE CAST(1 AS DECIMAL(18, 12))
    END AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': verdicts.hours_expected,
        'hours_observed': verdicts.hours_observed,
        'requests': verdicts.invocations,
        'requests_threshold': CAST($maximum_requests AS DOUBLE),
        'commitment_ends_at': verdicts.attributes['commitment_ends_at'],
        'committed_days': verdicts.committed_days,
        'model_units': verdicts.attributes['model_units'],
        'age_days': verdicts.age_days,
        'state': verdicts.state
    } AS evidence
FROM verdicts
