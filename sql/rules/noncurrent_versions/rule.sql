-- Buckets that keep every version of their objects for ever.
WITH storage AS (
    SELECT
        charge.provider,
        charge.account_id,
        charge.resource_id,
        charge.currency,
        sum(charge.monthly_cost) AS storage_cost,
        CAST(CAST(sum(charge.monthly_cost) AS DOUBLE) / CAST(nullif(sum(charge.monthly_quantity), 0) AS DOUBLE) AS DECIMAL(18, 12))
            AS gibibyte_price
    FROM usage.resource_charges AS charge
    WHERE
        (charge.provider = 'AWS' AND charge.usage_type LIKE 'TimedStorage-%ByteHrs')
        OR (charge.provider = 'GCP' AND charge.usage_type LIKE '%Storage%' AND charge.unit = 'gibibyte month')
    GROUP BY charge.provider, charge.account_id, charge.resource_id, charge.currency
),

buckets AS (
    SELECT
        resource.*,
        resource.attributes['versioning'] AS versioning,
        resource.attributes['expires_noncurrent_versions'] AS expires_versions,
        TRY_CAST(resource.attributes['noncurrent_bytes'] AS DOUBLE) AS noncurrent_bytes,
        storage.gibibyte_price,
        CASE
            WHEN noncurrent_bytes IS NOT NULL
                THEN least(storage.storage_cost, CAST(noncurrent_bytes / 1073741824 AS DECIMAL(18, 6)) * storage.gibibyte_price)
        END AS savings
    FROM usage.resources AS resource
    LEFT JOIN storage
        ON
            resource.provider = storage.provider
            AND resource.account_id = storage.account_id
            AND resource.resource_id = storage.resource_id
            AND resource.currency = storage.currency
    WHERE resource.resource_type = 'bucket'
),

verdicts AS (
    SELECT
        buckets.*,
        CASE
            WHEN buckets.is_inventoried_type AND NOT buckets.is_in_inventory THEN 'gone'
            WHEN NOT buckets.is_in_inventory THEN 'not_in_inventory'
            WHEN buckets.versioning = 'disabled' THEN 'other'
            WHEN buckets.expires_versions = 'true' THEN 'expires'
            WHEN buckets.currency IS NULL THEN 'uncharged'
            WHEN coalesce(buckets.savings, buckets.monthly_cost) < $minimum_monthly_savings THEN 'small'
            WHEN buckets.versioning IS NULL OR buckets.expires_versions IS NULL THEN 'unknown_configuration'
            ELSE 'finding'
        END AS verdict
    FROM buckets
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.noncurrent_bytes IS NOT NULL THEN 'medium' ELSE 'low' END AS confidence,
    CASE
        WHEN verdicts.noncurrent_bytes IS NOT NULL THEN 'The noncurrent bytes are known; their age is not'
        ELSE 'How much the noncurrent versions take up is unknown'
    END AS confidence_reason,
    1 - CAST(CAST(verdicts.savings AS DOUBLE) / CAST(nullif(verdicts.monthly_cost, 0) AS DOUBLE) AS DECIMAL(18, 12))
        AS remaining_cost_share,
    {
        'versioning': verdicts.versioning,
        'expires_noncurrent_versions': verdicts.expires_versions,
        'noncurrent_gibibytes': verdicts.noncurrent_bytes / 1073741824,
        'gibibyte_price': verdicts.gibibyte_price,
        'price_source': 'bill'
    } AS evidence
FROM verdicts
