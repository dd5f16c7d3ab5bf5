-- Training that is repeated at on-demand prices although this organisation's own bill shows what Spot capacity costs it.
WITH jobs AS (
    SELECT
        resource.*,
        replace(lower(resource.state), '_', '') AS plain_state,
        resource.attributes['is_spot'] AS is_spot,
        -- Vertex AI gives every job with an output directory a folder for checkpoints in it.
        coalesce(
            resource.attributes['checkpoint_location'], if(resource.provider = 'GCP', resource.attributes['output_location'], NULL), ''
        ) <> '' AS has_checkpoints,
        TRY_CAST(resource.attributes['training_seconds'] AS DOUBLE) AS training_seconds,
        TRY_CAST(resource.attributes['billable_seconds'] AS DOUBLE) AS billable_seconds,
        -- Jobs are started under one name with a time, a number or a hash behind it.
        regexp_replace(
            lower(coalesce(resource.resource_name, regexp_extract(resource.resource_id, '[^/:]+$'))),
            '([-_.]+([0-9]+|[0-9a-f]{8,}|(retry|attempt|run|try|v)[0-9]*))+$',
            ''
        ) AS stem,
        date_diff(
            'second', resource.created_at, coalesce(TRY_CAST(resource.attributes['ended_at'] AS TIMESTAMP), CAST($as_of AS TIMESTAMP))
        ) / 3600 AS run_hours
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'training_job'
),

repetitions AS (
    SELECT
        jobs.provider,
        jobs.account_id,
        jobs.stem,
        count(DISTINCT jobs.resource_id) AS runs
    FROM jobs
    WHERE jobs.monthly_cost > 0
    GROUP BY jobs.provider, jobs.account_id, jobs.stem
),

-- What an hour of each type costs on Spot, where the bill prices Spot apart (Vertex AI).
billed_rates AS (
    SELECT
        jobs.provider,
        jobs.region,
        jobs.instance_type,
        jobs.currency,
        CAST(sum(jobs.monthly_instance_cost) AS DOUBLE) / CAST(sum(jobs.monthly_instance_hours) AS DOUBLE) AS spot_rate
    FROM jobs
    SEMI JOIN usage.resource_charges AS charge
        ON
            jobs.provider = charge.provider
            AND jobs.account_id = charge.account_id
            AND jobs.resource_id = charge.resource_id
            AND charge.pricing_category = 'Dynamic'
    WHERE jobs.monthly_instance_hours > 0
    GROUP BY jobs.provider, jobs.region, jobs.instance_type, jobs.currency
),

-- SageMaker bills fewer seconds of a Spot job than it trains, at the on-demand price: their ratio is its Spot price.
managed_rates AS (
    SELECT
        jobs.provider,
        jobs.region,
        jobs.instance_type,
        sum(jobs.billable_seconds) / sum(jobs.training_seconds) AS spot_share
    FROM jobs
    WHERE jobs.is_spot = 'true' AND jobs.training_seconds > 0 AND jobs.billable_seconds IS NOT NULL
    GROUP BY jobs.provider, jobs.region, jobs.instance_type
),

priced AS (
    SELECT
        jobs.*,
        repetitions.runs,
        billed_rates.spot_rate,
        coalesce(
            billed_rates.spot_rate * CAST(jobs.monthly_instance_hours AS DOUBLE) / nullif(CAST(jobs.monthly_instance_cost AS DOUBLE), 0),
            managed_rates.spot_share
        ) AS spot_share
    FROM jobs
    LEFT JOIN repetitions
        ON jobs.provider = repetitions.provider AND jobs.account_id = repetitions.account_id AND jobs.stem = repetitions.stem
    LEFT JOIN billed_rates
        ON
            jobs.provider = billed_rates.provider
            AND jobs.region = billed_rates.region
            AND jobs.instance_type = billed_rates.instance_type
            AND jobs.currency = billed_rates.currency
    LEFT JOIN managed_rates
        ON
            jobs.provider = managed_rates.provider
            AND jobs.region = managed_rates.region
            AND jobs.instance_type = managed_rates.instance_type
),

verdicts AS (
    SELECT
        priced.*,
        -- Volumes and logs of the job cost the same on Spot.
        least(1, 1 - (1 - priced.spot_share) * priced.monthly_instance_cost / nullif(priced.monthly_cost, 0)) AS remaining_share,
        CASE
            WHEN priced.is_inventoried_type AND NOT priced.is_in_inventory THEN 'gone'
            WHEN NOT priced.is_in_inventory THEN 'not_in_inventory'
            WHEN priced.currency IS NULL OR priced.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN priced.is_spot IS NULL THEN 'unknown_configuration'
            WHEN priced.is_spot = 'true' AND NOT priced.has_checkpoints AND priced.run_hours >= $unprotected_hours THEN 'unprotected'
            WHEN priced.is_spot = 'true' THEN 'on_spot'
            -- A commitment is paid for whether the job uses it or not.
            WHEN priced.plain_state = 'failed' OR priced.monthly_committed_cost > 0 THEN 'other'
            WHEN priced.runs < $minimum_runs THEN 'once'
            WHEN priced.spot_share IS NULL THEN 'no_price'
            WHEN priced.spot_share * 100 > 100 - $minimum_savings_percent THEN 'small'
            WHEN priced.monthly_instance_cost * (1 - priced.spot_share) < $minimum_monthly_savings THEN 'small'
            ELSE 'on_demand'
        END AS verdict
    FROM priced
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    CASE WHEN verdicts.verdict IN ('on_demand', 'unprotected') THEN 'finding' ELSE verdicts.verdict END AS verdict,
    CASE WHEN verdicts.has_checkpoints THEN 'medium' ELSE 'low' END AS confidence,
    CASE
        WHEN verdicts.verdict = 'unprotected' THEN 'It runs on Spot without checkpoints: each interruption starts it anew'
        WHEN verdicts.has_checkpoints THEN 'It writes checkpoints, so an interruption costs minutes'
        ELSE 'It writes no checkpoints: these must be added first'
    END AS confidence_reason,
    -- What interruptions without checkpoints cost is not known.
    CASE WHEN verdicts.verdict = 'on_demand' THEN CAST(verdicts.remaining_share AS DECIMAL(18, 12)) END AS remaining_cost_share,
    {
        'is_spot': verdicts.is_spot,
        'has_checkpoints': verdicts.has_checkpoints,
        'job_name': verdicts.stem,
        'runs_charged_in_30_days': verdicts.runs,
        'runs_threshold': CAST($minimum_runs AS INTEGER),
        'run_hours': verdicts.run_hours,
        'spot_share_of_on_demand_price': verdicts.spot_share,
        'price_source': CASE
            WHEN verdicts.spot_share IS NULL THEN NULL
            WHEN verdicts.spot_rate IS NULL THEN 'billable seconds'
            ELSE 'bill'
        END,
        'monthly_instance_cost': verdicts.monthly_instance_cost,
        'state': verdicts.state,
        'instance_type': verdicts.instance_type,
        'instance_count': verdicts.instance_count
    } AS evidence
FROM verdicts
