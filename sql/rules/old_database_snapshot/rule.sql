-- Manual database snapshots that are old, or whose database is gone.
WITH snapshots AS (
    SELECT
        resource.*,
        date_diff('day', CAST(resource.created_at AS DATE), CAST($as_of AS DATE)) AS age_days,
        NOT coalesce(resource.is_source_alive, TRUE) AS is_orphan
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'database_snapshot'
),

verdicts AS (
    SELECT
        snapshots.*,
        CASE
            WHEN snapshots.is_inventoried_type AND NOT snapshots.is_in_inventory THEN 'gone'
            WHEN NOT snapshots.is_in_inventory THEN 'not_in_inventory'
            WHEN snapshots.attributes['snapshot_type'] = 'automated' THEN 'automated'
            WHEN snapshots.attributes['backup_plan'] IS NOT NULL THEN 'automated'
            WHEN snapshots.attributes['is_shared'] = 'true' THEN 'shared'
            WHEN snapshots.attributes['snapshot_type'] IS NULL OR snapshots.created_at IS NULL THEN 'unknown_configuration'
            WHEN snapshots.currency IS NOT NULL AND snapshots.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN snapshots.age_days > $age_days THEN 'finding'
            WHEN snapshots.is_orphan AND snapshots.age_days > $orphan_age_days THEN 'finding'
            ELSE 'recent'
        END AS verdict
    FROM snapshots
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.is_orphan THEN 'high' ELSE 'low' END AS confidence,
    CASE WHEN verdicts.is_orphan THEN 'The database is gone' ELSE 'It is old, but its database is still there' END AS confidence_reason,
    CASE WHEN verdicts.currency IS NOT NULL THEN CAST(0 AS DECIMAL(18, 12)) END AS remaining_cost_share,
    {
        'age_days': verdicts.age_days,
        'age_days_threshold': CAST(CASE WHEN verdicts.is_orphan THEN $orphan_age_days ELSE $age_days END AS INTEGER),
        'source_id': verdicts.source_id,
        'is_source_alive': verdicts.is_source_alive,
        'engine': verdicts.attributes['engine'],
        'size_gib': verdicts.size_gib
    } AS evidence
FROM verdicts
