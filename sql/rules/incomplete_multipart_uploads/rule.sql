-- Buckets that keep the parts of uploads that nobody will ever complete.
WITH storage AS (
    -- Parts are stored in Standard unless the upload asked for another class.
    SELECT
        charge.account_id,
        charge.resource_id,
        charge.currency,
        sum(charge.monthly_cost) AS storage_cost,
        CAST(CAST(sum(charge.monthly_cost) AS DOUBLE) / CAST(nullif(sum(charge.monthly_quantity), 0) AS DOUBLE) AS DECIMAL(18, 12))
            AS gibibyte_price
    FROM usage.resource_charges AS charge
    WHERE charge.provider = 'AWS' AND charge.usage_type = 'TimedStorage-ByteHrs'
    GROUP BY charge.account_id, charge.resource_id, charge.currency
),

buckets AS (
    SELECT
        resource.*,
        resource.attributes['aborts_incomplete_uploads'] AS aborts_uploads,
        TRY_CAST(resource.attributes['incomplete_upload_bytes'] AS DOUBLE) AS upload_bytes,
        date_diff(
            'day',
            CAST(TRY_CAST(resource.attributes['incomplete_upload_started_at'] AS TIMESTAMP) AS DATE),
            CAST($as_of AS DATE)
        ) AS upload_days,
        storage.gibibyte_price,
        least(storage.storage_cost, CAST(upload_bytes / 1073741824 AS DECIMAL(18, 6)) * storage.gibibyte_price) AS savings
    FROM usage.resources AS resource
    LEFT JOIN storage
        ON
            resource.account_id = storage.account_id
            AND resource.resource_id = storage.resource_id
            AND resource.currency = storage.currency
    WHERE resource.provider = 'AWS' AND resource.resource_type = 'bucket'
),

verdicts AS (
    SELECT
        buckets.*,
        CASE
            WHEN buckets.is_inventoried_type AND NOT buckets.is_in_inventory THEN 'gone'
            WHEN NOT buckets.is_in_inventory THEN 'not_in_inventory'
            WHEN buckets.aborts_uploads = 'true' THEN 'expires'
            WHEN buckets.upload_bytes = 0 OR buckets.upload_days < $minimum_upload_days THEN 'fresh'
            WHEN buckets.aborts_uploads IS NULL OR buckets.upload_days IS NULL THEN 'unknown_configuration'
            WHEN buckets.upload_bytes IS NOT NULL AND buckets.savings < $minimum_monthly_savings THEN 'small'
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
    CASE WHEN verdicts.upload_bytes IS NOT NULL THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.upload_bytes IS NOT NULL THEN 'The parts of the uploads were listed and added up'
        ELSE 'There are too many uploads to add up their parts'
    END AS confidence_reason,
    CASE
        WHEN verdicts.upload_bytes IS NOT NULL AND verdicts.savings IS NOT NULL
            THEN 1 - CAST(CAST(verdicts.savings AS DOUBLE) / CAST(nullif(verdicts.monthly_cost, 0) AS DOUBLE) AS DECIMAL(18, 12))
    END AS remaining_cost_share,
    {
        'aborts_incomplete_uploads': verdicts.aborts_uploads,
        'oldest_upload_days': verdicts.upload_days,
        'oldest_upload_days_threshold': CAST($minimum_upload_days AS INTEGER),
        'gibibytes': verdicts.upload_bytes / 1073741824,
        'gibibyte_price': verdicts.gibibyte_price,
        'price_source': 'bill'
    } AS evidence
FROM verdicts
