-- Volumes of machines that have been stopped for a month or longer.
WITH last_metrics AS (
    -- Machines report no CPU while they are stopped, so the day after their last point is when they were stopped at the latest.
    SELECT
        day.provider,
        day.account_id,
        day.resource_id,
        max(day.usage_date) + 1 AS silent_since
    FROM usage.resource_day AS day
    WHERE day.metric = 'cpu_percent' AND day.usage_date < CAST($as_of AS DATE)
    GROUP BY day.provider, day.account_id, day.resource_id
),

machines AS (
    SELECT
        machine.provider,
        machine.account_id,
        machine.resource_id,
        max(lower(machine.state)) AS state,
        CAST(max(TRY_CAST(machine.attributes['stopped_at'] AS TIMESTAMP)) AS DATE) AS stopped_on,
        max(last_metrics.silent_since) AS silent_since
    FROM usage.resources AS machine
    LEFT JOIN last_metrics
        ON
            machine.provider = last_metrics.provider
            AND machine.account_id = last_metrics.account_id
            AND machine.resource_id = last_metrics.resource_id
    WHERE machine.resource_type IN ('virtual_machine', 'notebook') AND machine.is_in_inventory
    GROUP BY machine.provider, machine.account_id, machine.resource_id
),

snapshot_prices AS (
    SELECT
        price.provider,
        price.region,
        price.currency,
        max(price.price) AS price
    FROM usage.unit_prices AS price
    WHERE price.usage_type = 'EBS:SnapshotUsage' OR price.usage_type LIKE 'Storage PD Snapshot%'
    GROUP BY price.provider, price.region, price.currency
),

volumes AS (
    SELECT
        resource.*,
        machines.resource_id IS NOT NULL AS is_machine_listed,
        machines.state AS machine_state,
        coalesce(machines.stopped_on, machines.silent_since) AS stopped_on,
        machines.stopped_on IS NOT NULL AS is_stop_stated,
        date_diff('day', coalesce(machines.stopped_on, machines.silent_since), CAST($as_of AS DATE)) AS stopped_days,
        resource.size_gib * CAST(snapshot_prices.price AS DOUBLE) AS snapshot_cost_at_most
    FROM usage.resources AS resource
    LEFT JOIN machines
        ON
            resource.provider = machines.provider
            AND resource.account_id = machines.account_id
            AND resource.attached_to = machines.resource_id
    LEFT JOIN snapshot_prices
        ON
            resource.provider = snapshot_prices.provider
            AND resource.region = snapshot_prices.region
            AND resource.currency = snapshot_prices.currency
    WHERE resource.resource_type = 'block_volume'
),

verdicts AS (
    SELECT
        volumes.*,
        CASE
            WHEN volumes.is_inventoried_type AND NOT volumes.is_in_inventory THEN 'gone'
            WHEN NOT volumes.is_in_inventory THEN 'not_in_inventory'
            -- An id that two regions share: what the inventory says of it is unknown.
            WHEN volumes.state = 'ambiguous' THEN 'unknown_configuration'
            WHEN volumes.attached_to IS NULL THEN 'other'
            WHEN NOT volumes.is_machine_listed THEN 'not_in_inventory'
            WHEN volumes.machine_state IS NULL THEN 'unknown_configuration'
            WHEN volumes.machine_state NOT IN ('stopped', 'suspended') THEN 'running'
            WHEN volumes.stopped_days IS NULL THEN 'no_activity_signal'
            WHEN volumes.stopped_days < $minimum_stopped_days THEN 'stopped_lately'
            WHEN volumes.currency IS NULL THEN 'uncharged'
            WHEN volumes.monthly_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM volumes
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.is_stop_stated THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.is_stop_stated THEN 'The provider states since when the machine is stopped'
        ELSE 'The machine is stopped, and its CPU was last measured on a known day'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'attached_to': verdicts.attached_to,
        'machine_state': verdicts.machine_state,
        'stopped_on': verdicts.stopped_on,
        'stopped_on_source': CASE WHEN verdicts.is_stop_stated THEN 'stopped_at' ELSE 'last_cpu_percent' END,
        'stopped_days': verdicts.stopped_days,
        'stopped_days_threshold': CAST($minimum_stopped_days AS INTEGER),
        'size_gib': verdicts.size_gib,
        'volume_type': verdicts.volume_type,
        'snapshot_cost_at_most': verdicts.snapshot_cost_at_most,
        'snapshot_cost': 'not netted: a snapshot kept instead is billed for its changed blocks'
    } AS evidence
FROM verdicts
