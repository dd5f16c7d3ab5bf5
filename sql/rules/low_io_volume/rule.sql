-- Volumes that are attached and paid for speed, and that read and write next to nothing.
WITH machines AS (
    SELECT
        machine.provider,
        machine.account_id,
        machine.resource_id,
        max(lower(machine.state)) AS state
    FROM usage.resources AS machine
    WHERE machine.resource_type IN ('virtual_machine', 'notebook')
    GROUP BY machine.provider, machine.account_id, machine.resource_id
),

snapshot_prices AS (
    SELECT
        price.region,
        price.currency,
        max(price.price) AS price
    FROM usage.unit_prices AS price
    WHERE price.usage_type = 'EBS:SnapshotUsage'
    GROUP BY price.region, price.currency
),

volumes AS (
    SELECT
        resource.*,
        machines.state AS machine_state,
        resource.volume_type IN ('gp2', 'gp3', 'io1', 'io2', 'pd-ssd', 'pd-extreme') AS is_fast_type,
        CASE WHEN resource.provider = 'AWS' THEN 'a snapshot' ELSE 'pd-balanced' END AS target,
        -- pd-balanced gives 6 IOPS and 0.28 MiB/s for every GiB; what the machine has on top is shared by its disks and left out.
        6 * resource.size_gib AS target_iops,
        0.28 * resource.size_gib AS target_mibps,
        CASE WHEN resource.provider = 'AWS' THEN resource.size_gib * CAST(snapshot_prices.price AS DOUBLE) END AS snapshot_cost_at_most,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    LEFT JOIN machines
        ON
            resource.provider = machines.provider
            AND resource.account_id = machines.account_id
            AND resource.attached_to = machines.resource_id
    LEFT JOIN snapshot_prices ON resource.region = snapshot_prices.region AND resource.currency = snapshot_prices.currency
    WHERE resource.resource_type = 'block_volume'
),

activity AS (
    SELECT
        hour.provider,
        hour.account_id,
        hour.resource_id,
        sum(CASE WHEN hour.metric = 'disk_operations' THEN hour.total END) / $look_back_days AS operations_per_day,
        quantile_cont(CASE WHEN hour.metric = 'disk_operations' THEN hour.total END, CAST($percentile AS DOUBLE)) / 3600 AS iops,
        quantile_cont(CASE WHEN hour.metric = 'disk_bytes' THEN hour.total END, CAST($percentile AS DOUBLE)) / 3600 / 1048576 AS mibps,
        count(CASE WHEN hour.metric = 'disk_operations' THEN hour.total END) AS operation_hours,
        count(CASE WHEN hour.metric = 'disk_bytes' THEN hour.total END) AS byte_hours
    FROM usage.resource_hour AS hour
    INNER JOIN volumes AS volume
        ON
            hour.provider = volume.provider
            AND hour.account_id = volume.account_id
            AND hour.resource_id = volume.resource_id
            AND volume.is_fast_type
    WHERE
        hour.metric IN ('disk_operations', 'disk_bytes')
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY hour.provider, hour.account_id, hour.resource_id
),

disk_prices AS (
    SELECT
        price.region,
        price.usage_type,
        price.currency,
        CAST(min(price.price) AS DOUBLE) AS lowest,
        CAST(max(price.price) AS DOUBLE) AS highest
    FROM usage.unit_prices AS price
    WHERE price.provider = 'GCP' AND price.usage_type LIKE '% PD Capacity%'
    GROUP BY price.region, price.usage_type, price.currency
),

disk_charges AS (
    SELECT
        charge.account_id,
        charge.resource_id,
        charge.currency,
        charge.monthly_cost,
        -- pd-balanced charges no IOPS.
        CASE WHEN charge.usage_type LIKE 'Extreme PD IOPS%' THEN 0 ELSE target.highest / own.lowest END AS price_share,
        charge.monthly_cost * CAST(price_share AS DECIMAL(18, 12)) AS target_cost
    FROM usage.resource_charges AS charge
    LEFT JOIN disk_prices AS own
        ON charge.region = own.region AND charge.usage_type = own.usage_type AND charge.currency = own.currency
    LEFT JOIN disk_prices AS target
        ON
            own.region = target.region
            AND regexp_replace(own.usage_type, '(SSD backed|Extreme) PD', 'Balanced PD') = target.usage_type
            AND own.currency = target.currency
    WHERE charge.provider = 'GCP' AND regexp_matches(charge.usage_type, '^(Regional )?(SSD backed|Extreme) PD (Capacity|IOPS)')
),

disk_costs AS (
    SELECT
        disk_charges.account_id,
        disk_charges.resource_id,
        disk_charges.currency,
        sum(disk_charges.monthly_cost) AS disk_cost,
        sum(disk_charges.target_cost) AS target_cost,
        count(*) = count(disk_charges.target_cost) AS is_priced
    FROM disk_charges
    GROUP BY disk_charges.account_id, disk_charges.resource_id, disk_charges.currency
),

verdicts AS (
    SELECT
        volume.*,
        activity.operations_per_day,
        activity.iops,
        activity.mibps,
        coalesce(CASE WHEN volume.provider = 'AWS' THEN operation_hours ELSE least(operation_hours, byte_hours) END, 0) AS hours_observed,
        disk_costs.disk_cost,
        disk_costs.target_cost,
        CASE WHEN volume.provider = 'AWS' THEN volume.monthly_cost ELSE disk_costs.disk_cost - disk_costs.target_cost END AS savings,
        CASE
            WHEN volume.is_inventoried_type AND NOT volume.is_in_inventory THEN 'gone'
            WHEN NOT volume.is_in_inventory THEN 'not_in_inventory'
            WHEN volume.volume_type IS NULL THEN 'unknown_configuration'
            WHEN NOT volume.is_fast_type OR volume.attached_to IS NULL THEN 'other'
            WHEN volume.machine_state IN ('stopped', 'stopping', 'suspended') THEN 'stopped'
            WHEN volume.provider = 'GCP' AND volume.size_gib IS NULL THEN 'unknown_configuration'
            WHEN volume.provider = 'AWS' AND activity.operations_per_day >= $operations_per_day THEN 'busy'
            WHEN volume.provider = 'GCP' AND activity.iops * $peak_factor > volume.target_iops THEN 'busy'
            WHEN volume.provider = 'GCP' AND activity.mibps * $peak_factor > volume.target_mibps THEN 'busy'
            WHEN hours_observed = 0 THEN 'no_metric'
            WHEN volume.age_days < $look_back_days THEN 'too_young'
            WHEN hours_observed * 100 < 24 * $look_back_days * $minimum_coverage_percent THEN 'gaps'
            WHEN volume.currency IS NULL THEN 'uncharged'
            WHEN volume.provider = 'GCP' AND disk_costs.is_priced IS NOT TRUE THEN 'no_price'
            WHEN savings < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM volumes AS volume
    LEFT JOIN activity
        ON
            volume.provider = activity.provider
            AND volume.account_id = activity.account_id
            AND volume.resource_id = activity.resource_id
    LEFT JOIN disk_costs
        ON
            volume.provider = 'GCP'
            AND volume.account_id = disk_costs.account_id
            AND volume.resource_id = disk_costs.resource_id
            AND volume.currency = disk_costs.currency
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    'medium' AS confidence,
    CASE
        WHEN verdicts.provider = 'AWS' THEN 'Nothing was read or written, but the machine still has the volume'
        ELSE 'Twice the load of the busiest hours fits the slower type; latency and peaks of minutes are not judged'
    END AS confidence_reason,
    CASE
        WHEN verdicts.verdict = 'finding'
            THEN 1 - CAST(CAST(verdicts.savings AS DOUBLE) / CAST(verdicts.monthly_cost AS DOUBLE) AS DECIMAL(18, 12))
    END AS remaining_cost_share,
    verdicts.target,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': 24 * CAST($look_back_days AS INTEGER),
        'hours_observed': verdicts.hours_observed,
        'operations_per_day': verdicts.operations_per_day,
        'operations_per_day_threshold': CASE WHEN verdicts.provider = 'AWS' THEN CAST($operations_per_day AS DOUBLE) END,
        'iops_percentile': verdicts.iops,
        'mibps_percentile': verdicts.mibps,
        'peak_factor': CAST($peak_factor AS DOUBLE),
        'target_iops': CASE WHEN verdicts.provider = 'GCP' THEN verdicts.target_iops END,
        'target_mibps': CASE WHEN verdicts.provider = 'GCP' THEN verdicts.target_mibps END,
        'volume_type': verdicts.volume_type,
        'size_gib': verdicts.size_gib,
        'disk_cost': verdicts.disk_cost,
        'disk_cost_on_target': verdicts.target_cost,
        'snapshot_cost_at_most': verdicts.snapshot_cost_at_most,
        'price_source': 'bill of the last 90 days before ' || CAST(CAST($as_of AS DATE) AS VARCHAR),
        'age_days': verdicts.age_days
    } AS evidence
FROM verdicts
