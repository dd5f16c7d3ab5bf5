-- Snapshots that were made by hand months ago, apart from the newest of each source.
WITH snapshots AS (
    SELECT
        resource.*,
        date_diff('day', CAST(resource.created_at AS DATE), CAST($as_of AS DATE)) AS age_days,
        dense_rank() OVER (
            PARTITION BY resource.provider, resource.account_id, resource.source_id
            ORDER BY resource.created_at DESC NULLS LAST, resource.resource_id ASC
        ) AS recency
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'snapshot'
),

verdicts AS (
    SELECT
        snapshots.*,
        CASE
            WHEN snapshots.is_inventoried_type AND NOT snapshots.is_in_inventory THEN 'gone'
            WHEN NOT snapshots.is_in_inventory THEN 'not_in_inventory'
            WHEN snapshots.is_in_use THEN 'used'
            WHEN snapshots.attributes['is_shared'] = 'true' THEN 'shared'
            -- Judged by orphan_snapshot and redundant_backups.
            WHEN snapshots.is_source_alive = FALSE THEN 'orphan'
            WHEN snapshots.attributes['backup_plan'] IS NOT NULL THEN 'planned'
            WHEN snapshots.age_days IS NULL THEN 'unknown_configuration'
            WHEN snapshots.age_days <= greatest($age_days, 30) THEN 'recent'
            WHEN snapshots.is_in_use IS NULL THEN 'no_activity_signal'
            WHEN snapshots.source_id IS NOT NULL AND snapshots.recency = 1 THEN 'newest'
            WHEN snapshots.currency IS NOT NULL AND snapshots.monthly_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM snapshots
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    'low' AS confidence,
    CASE
        WHEN verdicts.is_source_alive THEN 'It is old and has a newer successor, but its source is still there'
        ELSE 'It is old, but nobody knows what it was made of'
    END AS confidence_reason,
    CASE WHEN verdicts.currency IS NOT NULL THEN CAST(0 AS DECIMAL(18, 12)) END AS remaining_cost_share,
    {
        'age_days': verdicts.age_days,
        'age_days_threshold': CAST(greatest($age_days, 30) AS INTEGER),
        'source_id': verdicts.source_id,
        'is_source_alive': verdicts.is_source_alive,
        'is_in_use': verdicts.is_in_use,
        'newer_snapshots': CASE WHEN verdicts.source_id IS NOT NULL THEN verdicts.recency - 1 END,
        'source_size_gib': verdicts.size_gib,
        'price_source': 'bill'
    } AS evidence
FROM verdicts
