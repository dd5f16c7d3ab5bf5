-- Processing and batch transform jobs that still run although they should have ended, with what they have cost so far.
WITH jobs AS (
    SELECT
        resource.*,
        replace(lower(resource.state), '_', '') AS plain_state,
        date_diff('second', resource.created_at, CAST($as_of AS TIMESTAMP)) AS running_seconds
    FROM usage.resources AS resource
    WHERE resource.resource_type IN ('processing_job', 'transform_job')
),

charges AS (
    SELECT
        daily.ProviderName AS provider,
        daily.SubAccountId AS account_id,
        daily.ResourceId AS resource_id,
        daily.BillingCurrency AS currency,
        sum(daily.x_net_effective_cost) AS accrued_cost,
        max(daily.usage_date) AS charged_through
    FROM core.daily_cost AS daily
    SEMI JOIN jobs ON daily.ProviderName = jobs.provider AND daily.ResourceId = jobs.resource_id
    WHERE daily.x_pool = 'usage' AND daily.usage_date < CAST($as_of AS DATE)
    GROUP BY daily.ProviderName, daily.SubAccountId, daily.ResourceId, daily.BillingCurrency
),

verdicts AS (
    SELECT
        jobs.*,
        charges.accrued_cost,
        charges.charged_through,
        CASE
            WHEN jobs.is_inventoried_type AND NOT jobs.is_in_inventory THEN 'gone'
            WHEN NOT jobs.is_in_inventory THEN 'not_in_inventory'
            WHEN jobs.plain_state NOT IN ('inprogress', 'running', 'stopping') THEN 'ended'
            WHEN jobs.created_at IS NULL OR jobs.plain_state IS NULL THEN 'no_activity_signal'
            WHEN jobs.running_seconds > jobs.stop_condition_seconds THEN 'past_stop_condition'
            -- Within the run time that its owner allowed, a long job is a long job.
            WHEN jobs.stop_condition_seconds IS NOT NULL THEN 'within_stop_condition'
            WHEN jobs.running_seconds > 3600 * $surely_hung_hours THEN 'surely_hung'
            WHEN jobs.running_seconds > 3600 * $long_running_hours THEN 'long_running'
            ELSE 'running'
        END AS verdict
    FROM jobs
    LEFT JOIN charges
        ON
            jobs.provider = charges.provider
            AND jobs.account_id IS NOT DISTINCT FROM charges.account_id
            AND jobs.resource_id = charges.resource_id
            AND jobs.currency = charges.currency
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    CASE
        WHEN verdicts.verdict IN ('past_stop_condition', 'surely_hung', 'long_running') THEN 'finding'
        ELSE verdicts.verdict
    END AS verdict,
    CASE WHEN verdicts.verdict = 'long_running' THEN 'medium' ELSE 'high' END AS confidence,
    CASE verdicts.verdict
        WHEN 'past_stop_condition' THEN 'It runs past its own stop condition'
        WHEN 'surely_hung' THEN 'No stop condition is known, and it runs longer than ' || CAST($surely_hung_hours AS VARCHAR) || ' hours'
        ELSE 'No stop condition is known, and it runs longer than ' || CAST($long_running_hours AS VARCHAR) || ' hours'
    END AS confidence_reason,
    -- What it costs is over with the job: nothing of it is a saving of every month.
    CAST(1 AS DECIMAL(18, 12)) AS remaining_cost_share,
    CAST(coalesce(verdicts.accrued_cost, 0) AS DECIMAL(38, 12)) AS accrued_cost,
    {
        'started_at': verdicts.created_at,
        'running_hours': verdicts.running_seconds / 3600,
        'stop_condition_hours': verdicts.stop_condition_seconds / 3600,
        'hours_threshold': coalesce(verdicts.stop_condition_seconds / 3600, CAST($long_running_hours AS DOUBLE)),
        'charged_through': verdicts.charged_through,
        'state': verdicts.state,
        'kind': verdicts.resource_type,
        'instance_type': verdicts.instance_type,
        'instance_count': verdicts.instance_count
    } AS evidence
FROM verdicts
