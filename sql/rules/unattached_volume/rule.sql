-- Block volumes that no machine has been able to read for weeks.
WITH last_operations AS (
    -- Volume metrics stop at detachment, so the day after their last point is when the volume was left alone.
    SELECT
        day.provider,
        day.account_id,
        day.resource_id,
        max(day.usage_date) + 1 AS quiet_since
    FROM usage.resource_day AS day
    WHERE day.metric = 'disk_operations' AND day.usage_date < CAST($as_of AS DATE)
    GROUP BY day.provider, day.account_id, day.resource_id
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
        -- Both signals end an attachment; the later one counts.
        greatest(CAST(resource.detached_at AS DATE), last_operations.quiet_since) AS detached_on,
        CASE
            WHEN last_operations.quiet_since IS NULL OR CAST(resource.detached_at AS DATE) >= last_operations.quiet_since THEN 'detached_at'
            ELSE 'last_disk_operations'
        END AS detached_on_source,
        replace(lower(resource.state), '_', '') AS plain_state,
        resource.size_gib * CAST(snapshot_prices.price AS DOUBLE) AS snapshot_cost_at_most
    FROM usage.resources AS resource
    LEFT JOIN last_operations
        ON
            resource.provider = last_operations.provider
            AND resource.account_id = last_operations.account_id
            AND resource.resource_id = last_operations.resource_id
    LEFT JOIN snapshot_prices
        ON
            resource.provider = snapshot_prices.provider
            AND resource.region = snapshot_prices.region
            AND resource.currency = snapshot_prices.currency
    WHERE resource.resource_type = 'block_volume'
),

ages AS (
    SELECT
        volumes.*,
        date_diff('day', volumes.detached_on, CAST($as_of AS DATE)) AS detached_days,
        date_diff('day', CAST(volumes.created_at AS DATE), CAST($as_of AS DATE)) AS age_days
    FROM volumes
),

verdicts AS (
    SELECT
        ages.*,
        CASE
            WHEN ages.is_inventoried_type AND NOT ages.is_in_inventory THEN 'gone'
            WHEN NOT ages.is_in_inventory THEN 'not_in_inventory'
            WHEN ages.attached_to IS NOT NULL THEN 'attached'
            -- An id that two regions share: what the inventory says of it is unknown.
            WHEN ages.plain_state = 'ambiguous' THEN 'unknown_configuration'
            -- A volume that is being made or deleted is in use by the provider.
            WHEN coalesce(ages.plain_state, 'available') NOT IN ('available', 'ready') THEN 'attached'
            WHEN ages.detached_days < $minimum_detached_days THEN 'just_detached'
            WHEN ages.detached_days IS NULL AND ages.age_days IS NULL THEN 'no_activity_signal'
            WHEN ages.detached_days IS NULL AND ages.age_days < $minimum_detached_days THEN 'too_young'
            WHEN ages.currency IS NOT NULL AND ages.monthly_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM ages
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.detached_on IS NULL THEN 'medium' ELSE 'high' END AS confidence,
    CASE
        WHEN verdicts.detached_on IS NULL THEN 'When it was detached is unknown; no attachment was seen since it was created'
        WHEN verdicts.detached_on_source = 'detached_at' THEN 'The provider states when it was detached'
        ELSE 'Its disk operations ended on a known day'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'detached_on': coalesce(verdicts.detached_on, CAST(verdicts.created_at AS DATE)),
        'detached_on_source': CASE WHEN verdicts.detached_on IS NULL THEN 'created_at' ELSE verdicts.detached_on_source END,
        'detached_days': coalesce(verdicts.detached_days, verdicts.age_days),
        'detached_days_threshold': CAST($minimum_detached_days AS INTEGER),
        'size_gib': verdicts.size_gib,
        'volume_type': verdicts.volume_type,
        'state': verdicts.state,
        'snapshot_cost_at_most': verdicts.snapshot_cost_at_most,
        'snapshot_cost': 'not netted: a snapshot kept instead is billed for its changed blocks'
    } AS evidence
FROM verdicts
