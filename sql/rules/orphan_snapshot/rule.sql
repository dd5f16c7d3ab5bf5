-- Snapshots of volumes that no longer exist, behind no image, kept for a month or longer.
WITH snapshots AS (
    SELECT
        resource.*,
        date_diff('day', CAST(resource.created_at AS DATE), CAST($as_of AS DATE)) AS age_days
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
            WHEN snapshots.is_source_alive THEN 'source_alive'
            WHEN snapshots.is_source_alive IS NULL OR snapshots.age_days IS NULL THEN 'no_activity_signal'
            WHEN snapshots.age_days < $minimum_age_days THEN 'too_young'
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
    CASE WHEN verdicts.is_in_use IS NULL THEN 'medium' ELSE 'high' END AS confidence,
    CASE
        WHEN verdicts.is_in_use IS NULL THEN 'Its source no longer exists, but whether an image uses it is unknown'
        ELSE 'Its source no longer exists and no image uses it'
    END AS confidence_reason,
    CASE WHEN verdicts.currency IS NOT NULL THEN CAST(0 AS DECIMAL(18, 12)) END AS remaining_cost_share,
    {
        'age_days': verdicts.age_days,
        'age_days_threshold': CAST($minimum_age_days AS INTEGER),
        'source_id': verdicts.source_id,
        'is_source_alive': verdicts.is_source_alive,
        'is_in_use': verdicts.is_in_use,
        'backup_plan': verdicts.attributes['backup_plan'],
        'source_size_gib': verdicts.size_gib,
        'price_source': 'bill'
    } AS evidence
FROM verdicts
