-- Machines on demand that do batch work and can be started again, with what Spot capacity of their type costs by the bill.
WITH activity AS (
    SELECT
        hour.provider,
        hour.account_id,
        hour.resource_id,
        count(*) AS hours_observed,
        count(*) FILTER (WHERE hour.average >= $working_cpu_percent) AS working_hours,
        count(*) FILTER (WHERE hour.average < $idle_cpu_percent) AS idle_hours
    FROM usage.resource_hour AS hour
    WHERE
        hour.metric = 'cpu_percent'
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY hour.provider, hour.account_id, hour.resource_id
),

spot_rates AS (
    -- What this organisation paid for an hour of Spot capacity in the month, whatever became of the machines.
    SELECT
        machine.provider,
        machine.region,
        machine.operation,
        machine.currency,
        machine.instance_type,
        CAST(sum(machine.monthly_instance_cost) AS DOUBLE) / CAST(sum(machine.monthly_instance_hours) AS DOUBLE) AS spot_rate
    FROM usage.machines AS machine
    WHERE machine.is_spot AND machine.monthly_instance_cost > 0 AND machine.monthly_instance_hours > 0
    GROUP BY machine.provider, machine.region, machine.operation, machine.currency, machine.instance_type
),

described AS (
    SELECT
        machine.*,
        -- Words in the name, or in the values of tags, that say batch work.
        regexp_extract(
            lower(concat_ws(' ', machine.resource_name, array_to_string(map_values(machine.tags), ' '))),
            '(^|[^a-z0-9])(batch|etl|spark|dask|airflow|ci|runner|worker|render|sweep|preemptible|interruptible|restartable)([^a-z0-9]|$)',
            2
        ) AS batch_word,
        activity.hours_observed,
        activity.working_hours,
        activity.idle_hours,
        -- Work that comes in bursts: much of the time at work, much of it with nothing to do.
        coalesce(
            activity.working_hours * 100 >= activity.hours_observed * $minimum_burst_percent
            AND activity.idle_hours * 100 >= activity.hours_observed * $minimum_burst_percent,
            FALSE
        ) AS is_bursty,
        spot_rates.spot_rate,
        CAST(machine.monthly_instance_cost AS DOUBLE) / nullif(CAST(machine.monthly_instance_hours AS DOUBLE), 0) AS hourly_rate
    FROM usage.machines AS machine
    LEFT JOIN activity
        ON
            machine.provider = activity.provider
            AND machine.account_id = activity.account_id
            AND machine.resource_id = activity.resource_id
    LEFT JOIN spot_rates
        ON
            machine.provider = spot_rates.provider
            AND machine.region = spot_rates.region
            AND machine.operation IS NOT DISTINCT FROM spot_rates.operation
            AND machine.currency = spot_rates.currency
            AND machine.instance_type = spot_rates.instance_type
),

verdicts AS (
    SELECT
        described.*,
        described.batch_word <> '' AS is_declared,
        described.monthly_instance_cost * (1 - described.spot_rate / described.hourly_rate) AS monthly_savings,
        CASE
            WHEN described.is_inventoried_type AND NOT described.is_in_inventory THEN 'gone'
            WHEN described.state <> 'running' THEN 'stopped'
            WHEN described.currency IS NULL OR described.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN described.is_spot THEN 'spot'
            -- A commitment is paid for whether the machine uses it or not.
            WHEN described.monthly_committed_cost > 0 THEN 'committed'
            WHEN NOT described.is_in_inventory THEN 'not_in_inventory'
            WHEN is_declared IS NOT TRUE AND described.auto_scaling_group IS NULL THEN 'not_restartable'
            WHEN NOT is_declared AND coalesce(described.hours_observed, 0) = 0 THEN 'no_metric'
            WHEN NOT is_declared AND described.hours_observed < $minimum_hours THEN 'gaps'
            WHEN NOT is_declared AND NOT described.is_bursty THEN 'steady'
            WHEN described.spot_rate IS NULL OR described.hourly_rate IS NULL THEN 'no_price'
            WHEN described.spot_rate * 100 > described.hourly_rate * (100 - $minimum_savings_percent) THEN 'not_cheaper'
            WHEN monthly_savings < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM described
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.is_declared AND (verdicts.is_bursty OR verdicts.auto_scaling_group IS NOT NULL) THEN 'medium' ELSE 'low' END
        AS confidence,
    CASE
        WHEN NOT verdicts.is_declared THEN 'It works in bursts and a group replaces it, but nothing says that its work can be interrupted'
        WHEN verdicts.is_bursty THEN 'Its name or tags say batch work, and it works in bursts; the work must survive an interruption'
        WHEN verdicts.auto_scaling_group IS NOT NULL THEN 'Its name or tags say batch work, and a group replaces it when it is interrupted'
        ELSE 'Only its name or tags say batch work; the work must survive an interruption'
    END AS confidence_reason,
    CASE
        WHEN verdicts.verdict = 'finding' THEN CAST(1 - verdicts.monthly_savings / CAST(verdicts.monthly_cost AS DOUBLE) AS DECIMAL(18, 12))
    END AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'batch_word': nullif(verdicts.batch_word, ''),
        'auto_scaling_group': verdicts.auto_scaling_group,
        'hours_observed': verdicts.hours_observed,
        'working_hours': verdicts.working_hours,
        'working_cpu_percent_threshold': CAST($working_cpu_percent AS DOUBLE),
        'idle_hours': verdicts.idle_hours,
        'idle_cpu_percent_threshold': CAST($idle_cpu_percent AS DOUBLE),
        'hourly_rate': verdicts.hourly_rate,
        'spot_rate': verdicts.spot_rate,
        'price_source': CASE WHEN verdicts.spot_rate IS NOT NULL THEN 'bill' END,
        'operation': verdicts.operation,
        'instance_type': verdicts.instance_type,
        'monthly_instance_cost': verdicts.monthly_instance_cost
    } AS evidence
FROM verdicts
