-- Buckets in which nothing is ever deleted or moved to a cheaper class.
WITH buckets AS (
    SELECT
        resource.*,
        resource.attributes['has_lifecycle'] AS has_lifecycle,
        resource.attributes['intelligent_tiering'] AS intelligent_tiering
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'bucket'
),

stored AS (
    SELECT
        day.provider,
        day.account_id,
        day.resource_id,
        max_by(day.average, day.usage_date) / 1e9 AS gigabytes
    FROM usage.resource_day AS day
    WHERE day.metric = 'stored_bytes' AND day.usage_date < CAST($as_of AS DATE)
    GROUP BY day.provider, day.account_id, day.resource_id
),

verdicts AS (
    SELECT
        buckets.*,
        stored.gigabytes,
        CASE
            WHEN buckets.is_inventoried_type AND NOT buckets.is_in_inventory THEN 'gone'
            WHEN buckets.has_lifecycle = 'true' THEN 'expires'
            WHEN buckets.intelligent_tiering = 'true' THEN 'managed'
            WHEN buckets.currency IS NULL THEN 'uncharged'
            WHEN buckets.monthly_cost < $minimum_monthly_cost THEN 'small'
            WHEN NOT buckets.is_in_inventory THEN 'not_in_inventory'
            WHEN buckets.has_lifecycle IS NULL THEN 'unknown_configuration'
            ELSE 'finding'
        END AS verdict
    FROM buckets
    LEFT JOIN stored
        ON
            buckets.provider = stored.provider
            AND buckets.account_id = stored.account_id
            AND buckets.resource_id = stored.resource_id
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    'high' AS confidence,
    'The inventory tells that no rule deletes or moves objects' AS confidence_reason,
    CAST(NULL AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'has_lifecycle': verdicts.has_lifecycle,
        'intelligent_tiering': verdicts.intelligent_tiering,
        'gigabytes': verdicts.gigabytes,
        'monthly_cost_threshold': CAST($minimum_monthly_cost AS DOUBLE),
        'savings': 'not stated here: the lifecycle recommendations size them by age and reads of the objects'
    } AS evidence
FROM verdicts
