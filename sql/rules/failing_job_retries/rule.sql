-- Jobs that are started again and again under one name and fail, with what the failures cost.
WITH jobs AS (
    SELECT
        resource.*,
        replace(lower(resource.state), '_', '') AS plain_state,
        -- Jobs are started under one name with a time, a number or a hash behind it.
        regexp_replace(
            lower(coalesce(resource.resource_name, regexp_extract(resource.resource_id, '[^/:]+$'))),
            '([-_.]+([0-9]+|[0-9a-f]{8,}|(retry|attempt|run|try|v)[0-9]*))+$',
            ''
        ) AS stem,
        CAST(
            coalesce(
                TRY_CAST(resource.attributes['ended_at'] AS TIMESTAMP), CAST(resource.last_charged_on AS TIMESTAMP), resource.created_at
            ) AS DATE
        ) AS ended_on
    FROM usage.resources AS resource
    WHERE resource.resource_type IN ('training_job', 'processing_job', 'transform_job')
),

runs AS (
    SELECT
        jobs.*,
        jobs.plain_state = 'failed' AS is_failed,
        jobs.plain_state IN ('failed', 'completed', 'succeeded', 'partiallysucceeded') AS is_ended
    FROM jobs
    WHERE
        jobs.is_in_inventory
        AND jobs.ended_on >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND jobs.ended_on < CAST($as_of AS DATE)
),

series AS (
    SELECT
        runs.provider,
        runs.account_id,
        runs.region,
        runs.resource_type,
        runs.stem,
        count(DISTINCT runs.resource_id) FILTER (WHERE runs.is_failed) AS failures,
        count(DISTINCT runs.resource_id) FILTER (WHERE runs.is_ended) AS ended_runs,
        max(runs.ended_on) FILTER (WHERE runs.is_failed) AS last_failed_on,
        max(runs.ended_on) FILTER (WHERE runs.is_ended AND NOT runs.is_failed) AS last_succeeded_on
    FROM runs
    GROUP BY runs.provider, runs.account_id, runs.region, runs.resource_type, runs.stem
),

series_costs AS (
    SELECT
        runs.provider,
        runs.account_id,
        runs.region,
        runs.resource_type,
        runs.stem,
        runs.currency,
        sum(runs.monthly_cost) AS failed_cost
    FROM runs
    WHERE runs.is_failed
    GROUP BY runs.provider, runs.account_id, runs.region, runs.resource_type, runs.stem, runs.currency
),

verdicts AS (
    SELECT
        jobs.*,
        series.failures,
        series.ended_runs,
        series.last_failed_on,
        series.last_succeeded_on,
        series_costs.failed_cost,
        CASE
            WHEN jobs.is_inventoried_type AND NOT jobs.is_in_inventory THEN 'gone'
            WHEN NOT jobs.is_in_inventory THEN 'not_in_inventory'
            WHEN jobs.plain_state IS NULL THEN 'no_activity_signal'
            WHEN jobs.plain_state <> 'failed' THEN 'not_failed'
            WHEN jobs.ended_on IS NULL THEN 'no_activity_signal'
            WHEN series.failures IS NULL OR jobs.ended_on < CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER) THEN 'long_ago'
            WHEN series.failures < $minimum_failures THEN 'seldom'
            WHEN series.failures * 100 < series.ended_runs * $minimum_failure_percent THEN 'seldom'
            WHEN series.last_failed_on < CAST($as_of AS DATE) - CAST($still_failing_days AS INTEGER) THEN 'given_up'
            -- A job that fails before its machines start costs nothing.
            WHEN jobs.currency IS NULL OR jobs.monthly_cost <= 0 OR series_costs.failed_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM jobs
    LEFT JOIN series
        ON
            jobs.provider = series.provider
            AND jobs.account_id = series.account_id
            AND jobs.region IS NOT DISTINCT FROM series.region
            AND jobs.resource_type = series.resource_type
            AND jobs.stem = series.stem
    LEFT JOIN series_costs
        ON
            jobs.provider = series_costs.provider
            AND jobs.account_id = series_costs.account_id
            AND jobs.region IS NOT DISTINCT FROM series_costs.region
            AND jobs.resource_type = series_costs.resource_type
            AND jobs.stem = series_costs.stem
            AND jobs.currency = series_costs.currency
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.failures = verdicts.ended_runs THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.failures = verdicts.ended_runs THEN 'Every run of this name failed'
        ELSE 'Some runs of this name succeeded'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'job_name': verdicts.stem,
        'failures': verdicts.failures,
        'failures_threshold': CAST($minimum_failures AS INTEGER),
        'ended_runs': verdicts.ended_runs,
        'failure_percent_threshold': CAST($minimum_failure_percent AS DOUBLE),
        'last_failed_on': verdicts.last_failed_on,
        'last_succeeded_on': verdicts.last_succeeded_on,
        'cost_of_all_failures': verdicts.failed_cost,
        'failure_reason': verdicts.attributes['failure_reason'],
        'state': verdicts.state,
        'instance_type': verdicts.instance_type
    } AS evidence
FROM verdicts
