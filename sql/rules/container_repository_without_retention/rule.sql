-- Container repositories that never delete an image.
WITH repositories AS (
    SELECT
        resource.*,
        resource.attributes['has_lifecycle'] AS has_lifecycle,
        TRY_CAST(resource.attributes['stored_bytes'] AS DOUBLE) / 1e9 AS gigabytes
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'container_repository'
),

verdicts AS (
    SELECT
        repositories.*,
        CASE
            WHEN repositories.is_inventoried_type AND NOT repositories.is_in_inventory THEN 'gone'
            WHEN repositories.has_lifecycle = 'true' THEN 'expires'
            WHEN repositories.gigabytes < $minimum_gigabytes THEN 'small'
            WHEN repositories.gigabytes IS NULL AND repositories.monthly_cost < $minimum_monthly_cost THEN 'small'
            WHEN NOT repositories.is_in_inventory THEN 'not_in_inventory'
            WHEN repositories.has_lifecycle IS NULL THEN 'unknown_configuration'
            ELSE 'finding'
        END AS verdict
    FROM repositories
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    'high' AS confidence,
    'The inventory tells that no rule deletes images' AS confidence_reason,
    CAST(NULL AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'has_lifecycle': verdicts.has_lifecycle,
        'gigabytes': verdicts.gigabytes,
        'gigabytes_threshold': CAST($minimum_gigabytes AS DOUBLE),
        'image_count': TRY_CAST(verdicts.attributes['image_count'] AS INTEGER),
        'untagged_image_count': TRY_CAST(verdicts.attributes['untagged_image_count'] AS INTEGER),
        'last_pulled_at': verdicts.attributes['last_pulled_at']
    } AS evidence
FROM verdicts
