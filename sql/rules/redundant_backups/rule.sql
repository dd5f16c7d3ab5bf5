-- Snapshots that another plan takes too on the same day, and those beyond what a month needs.
WITH snapshots AS (
    SELECT
        resource.*,
        resource.attributes['backup_plan'] AS backup_plan,
        CAST(resource.created_at AS DATE) AS created_on,
        CAST(resource.created_at AS DATE) >= CAST($as_of AS DATE) - 30 AS is_recent
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'snapshot'
),

plans AS (
    -- The plan with most snapshots of a source is the one to keep.
    SELECT
        snapshots.provider,
        snapshots.account_id,
        snapshots.source_id,
        snapshots.backup_plan,
        row_number() OVER (
            PARTITION BY snapshots.provider, snapshots.account_id, snapshots.source_id
            ORDER BY count(DISTINCT snapshots.resource_id) DESC, snapshots.backup_plan ASC
        ) AS plan_rank
    FROM snapshots
    WHERE snapshots.source_id IS NOT NULL AND snapshots.backup_plan IS NOT NULL
    GROUP BY snapshots.provider, snapshots.account_id, snapshots.source_id, snapshots.backup_plan
),

kept_days AS (
    SELECT DISTINCT
        plans.provider,
        plans.account_id,
        plans.source_id,
        plans.backup_plan,
        snapshots.created_on
    FROM plans
    INNER JOIN snapshots
        ON
            plans.provider = snapshots.provider
            AND plans.account_id = snapshots.account_id
            AND plans.source_id = snapshots.source_id
            AND plans.backup_plan = snapshots.backup_plan
    WHERE plans.plan_rank = 1
),

ranked AS (
    SELECT
        snapshots.*,
        kept_days.backup_plan AS kept_plan,
        dense_rank() OVER (
            PARTITION BY snapshots.provider, snapshots.account_id, snapshots.source_id, snapshots.is_recent
            ORDER BY snapshots.created_at DESC NULLS LAST, snapshots.resource_id ASC
        ) AS recency
    FROM snapshots
    LEFT JOIN kept_days
        ON
            snapshots.provider = kept_days.provider
            AND snapshots.account_id = kept_days.account_id
            AND snapshots.source_id = kept_days.source_id
            AND snapshots.created_on = kept_days.created_on
            AND snapshots.backup_plan <> kept_days.backup_plan
),

verdicts AS (
    SELECT
        ranked.*,
        CASE
            WHEN ranked.is_inventoried_type AND NOT ranked.is_in_inventory THEN 'gone'
            WHEN NOT ranked.is_in_inventory THEN 'not_in_inventory'
            WHEN ranked.is_in_use THEN 'used'
            WHEN ranked.attributes['is_shared'] = 'true' THEN 'shared'
            -- Judged by orphan_snapshot.
            WHEN ranked.is_source_alive = FALSE THEN 'orphan'
            WHEN ranked.source_id IS NULL OR ranked.created_on IS NULL THEN 'unknown_configuration'
            WHEN ranked.kept_plan IS NULL AND NOT (ranked.is_recent AND ranked.recency > $recent_snapshots) THEN 'needed'
            WHEN ranked.currency IS NOT NULL AND ranked.monthly_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM ranked
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.kept_plan IS NOT NULL THEN 'medium' ELSE 'low' END AS confidence,
    CASE
        WHEN verdicts.kept_plan IS NOT NULL THEN 'Another plan took one of the same source on the same day; their retentions may differ'
        ELSE 'The source has more recent snapshots than a month needs; what must be restored is not known'
    END AS confidence_reason,
    CASE WHEN verdicts.currency IS NOT NULL THEN CAST(0 AS DECIMAL(18, 12)) END AS remaining_cost_share,
    {
        'source_id': verdicts.source_id,
        'created_on': verdicts.created_on,
        'backup_plan': verdicts.backup_plan,
        'kept_plan': verdicts.kept_plan,
        'newer_snapshots': verdicts.recency - 1,
        'recent_snapshots_threshold': CAST($recent_snapshots AS INTEGER),
        'price_source': 'bill'
    } AS evidence
FROM verdicts
