-- Machine images that nothing runs, and nothing would start, kept for months.
WITH images AS (
    SELECT
        resource.*,
        date_diff('day', CAST(resource.created_at AS DATE), CAST($as_of AS DATE)) AS age_days,
        date_diff('day', CAST(TRY_CAST(resource.attributes['last_launched_at'] AS TIMESTAMP) AS DATE), CAST($as_of AS DATE))
            AS unlaunched_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'machine_image'
),

image_snapshots AS (
    SELECT DISTINCT
        images.provider,
        images.account_id,
        images.resource_id,
        unnest(string_split(images.attributes['snapshot_ids'], ' ')) AS snapshot_id
    FROM images
),

snapshot_costs AS (
    -- Snapshots are resources of their own; AWS bills an image by them only.
    SELECT
        image_snapshots.provider,
        image_snapshots.account_id,
        image_snapshots.resource_id,
        any_value(snapshot.currency) AS snapshots_currency,
        sum(snapshot.monthly_cost) AS snapshots_cost
    FROM image_snapshots
    INNER JOIN usage.resources AS snapshot
        ON
            image_snapshots.provider = snapshot.provider
            AND image_snapshots.account_id = snapshot.account_id
            AND image_snapshots.snapshot_id = snapshot.resource_id
            AND snapshot.currency IS NOT NULL
    GROUP BY image_snapshots.provider, image_snapshots.account_id, image_snapshots.resource_id
    HAVING count(DISTINCT snapshot.currency) = 1
),

verdicts AS (
    SELECT
        images.*,
        snapshot_costs.snapshots_cost,
        snapshot_costs.snapshots_currency,
        images.monthly_cost + coalesce(snapshot_costs.snapshots_cost, 0) AS cost_concerned,
        CASE
            WHEN images.is_inventoried_type AND NOT images.is_in_inventory THEN 'gone'
            WHEN NOT images.is_in_inventory THEN 'not_in_inventory'
            WHEN images.is_in_use THEN 'used'
            WHEN images.attributes['is_shared'] = 'true' THEN 'shared'
            WHEN images.unlaunched_days < $minimum_unused_days THEN 'in_use_lately'
            WHEN images.is_in_use IS NULL THEN 'no_activity_signal'
            WHEN images.age_days IS NULL THEN 'unknown_configuration'
            WHEN images.age_days < $minimum_unused_days THEN 'too_young'
            WHEN (images.currency IS NOT NULL OR snapshots_cost IS NOT NULL) AND cost_concerned < $minimum_monthly_cost THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM images
    LEFT JOIN snapshot_costs
        ON
            images.provider = snapshot_costs.provider
            AND images.account_id = snapshot_costs.account_id
            AND images.resource_id = snapshot_costs.resource_id
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.unlaunched_days IS NOT NULL THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.unlaunched_days IS NOT NULL THEN 'The provider states when one was started from it last, and no template names it'
        ELSE 'No machine runs it and no template names it; when one was started from it last is unknown'
    END AS confidence_reason,
    CASE WHEN verdicts.currency IS NOT NULL THEN CAST(0 AS DECIMAL(18, 12)) END AS remaining_cost_share,
    {
        'age_days': verdicts.age_days,
        'unlaunched_days': verdicts.unlaunched_days,
        'unused_days_threshold': CAST($minimum_unused_days AS INTEGER),
        'size_gib': verdicts.size_gib,
        'snapshot_ids': verdicts.attributes['snapshot_ids'],
        'snapshots_monthly_cost': verdicts.snapshots_cost,
        'snapshots_currency': verdicts.snapshots_currency,
        'price_source': 'bill'
    } AS evidence
FROM verdicts
