-- Folders that jobs of long ago wrote, in which nothing has been written or read since, by bucket.
WITH buckets AS (
    SELECT resource.*
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'bucket' AND resource.provider = 'AWS'
),

written AS (
    SELECT
        unnest([resource.attributes['output_location'], resource.attributes['checkpoint_location']]) AS location,
        replace(lower(resource.state), '_', '') IN ('inprogress', 'running', 'stopping')
        OR CAST(coalesce(TRY_CAST(resource.attributes['ended_at'] AS TIMESTAMP), resource.created_at) AS DATE)
        >= CAST($as_of AS DATE) - CAST($minimum_age_days AS INTEGER) AS is_needed
    FROM usage.resources AS resource
    WHERE resource.resource_type IN ('training_job', 'processing_job', 'transform_job')
    UNION ALL
    -- What a registered model consists of is needed as long as the model is.
    SELECT
        resource.attributes['artefact_location'] AS location,
        TRUE AS is_needed
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'model' AND resource.is_in_inventory
),

locations AS (
    SELECT
        regexp_extract(written.location, '^s3://([^/]+)', 1) AS bucket,
        regexp_extract(written.location, '^s3://[^/]+/([^/]+)', 1) || '/' AS prefix,
        -- Without a time, a number or a hash at its end: what the folders of one job have in common.
        regexp_replace(lower(regexp_extract(written.location, '^s3://[^/]+/([^/]+)', 1)), '([-_.]+([0-9]+|[0-9a-f]{8,}))+$', '') AS stem,
        bool_or(coalesce(written.is_needed, TRUE)) AS is_needed
    FROM written
    WHERE written.location LIKE 's3://%'
    GROUP BY ALL
),

reads AS (
    SELECT
        object_reads.bucket,
        object_reads.prefix,
        sum(object_reads.get_count) AS get_count
    FROM usage.object_reads AS object_reads
    GROUP BY object_reads.bucket, object_reads.prefix
),

folders AS (
    SELECT
        objects.bucket,
        objects.prefix,
        objects.storage_class,
        min(min(objects.age_days_from)) OVER (PARTITION BY objects.bucket, objects.prefix) AS youngest_age_days,
        sum(objects.byte_count) AS byte_count,
        sum(objects.object_count) AS object_count
    FROM usage.stored_objects AS objects
    GROUP BY objects.bucket, objects.prefix, objects.storage_class
),

stale_folders AS (
    SELECT folders.*
    FROM folders
    LEFT JOIN locations ON folders.bucket = locations.bucket AND folders.prefix = locations.prefix
    LEFT JOIN reads ON folders.bucket = reads.bucket AND folders.prefix = reads.prefix
    WHERE
        folders.prefix <> ''
        AND folders.youngest_age_days >= $minimum_age_days
        AND coalesce(reads.get_count, 0) = 0
        AND NOT coalesce(locations.is_needed, FALSE)
        AND (
            locations.prefix IS NOT NULL
            OR EXISTS (
                SELECT 1
                FROM locations AS known
                WHERE
                    known.bucket = folders.bucket
                    AND known.stem <> rtrim(lower(known.prefix), '/')
                    AND known.stem = regexp_replace(rtrim(lower(folders.prefix), '/'), '([-_.]+([0-9]+|[0-9a-f]{8,}))+$', '')
            )
        )
),

-- One GiB that lies there for the whole window, in the unit of the bill: days of different months differ.
window_months AS (
    SELECT sum(1.0 / day(last_day(CAST($as_of AS DATE) - CAST(days.number AS INTEGER)))) AS months
    FROM range(1, 31) AS days (number)
),

charges AS (
    SELECT
        charge.account_id,
        charge.resource_id,
        charge.currency,
        CASE
            WHEN charge.usage_type = 'TimedStorage-ByteHrs' THEN 'STANDARD'
            WHEN charge.usage_type = 'TimedStorage-SIA-ByteHrs' THEN 'STANDARD_IA'
            WHEN charge.usage_type = 'TimedStorage-ZIA-ByteHrs' THEN 'ONEZONE_IA'
            WHEN charge.usage_type LIKE 'TimedStorage-INT-%' THEN 'INTELLIGENT_TIERING'
            WHEN charge.usage_type = 'TimedStorage-GIR-ByteHrs' THEN 'GLACIER_IR'
            WHEN charge.usage_type = 'TimedStorage-GlacierByteHrs' THEN 'GLACIER'
            WHEN charge.usage_type = 'TimedStorage-GDA-ByteHrs' THEN 'DEEP_ARCHIVE'
        END AS storage_class,
        sum(charge.monthly_quantity) AS quantity,
        sum(charge.monthly_cost) AS cost
    FROM usage.resource_charges AS charge
    WHERE charge.provider = 'AWS' AND charge.usage_type LIKE 'TimedStorage-%'
    GROUP BY ALL
),

savings AS (
    SELECT
        bucket.account_id,
        bucket.resource_id,
        bucket.currency,
        sum(stale.byte_count) AS stale_bytes,
        sum(stale.object_count) AS stale_objects,
        count(DISTINCT stale.prefix) AS stale_folders,
        list(DISTINCT stale.prefix ORDER BY stale.prefix)[1:20] AS first_folders,
        bool_and(coalesce(charges.quantity, 0) > 0) AS is_priced,
        sum(
            least(stale.byte_count / 1073741824.0 * window_months.months, charges.quantity) * charges.cost / nullif(charges.quantity, 0)
        ) AS monthly_savings
    FROM buckets AS bucket
    INNER JOIN stale_folders AS stale ON bucket.resource_id = stale.bucket
    CROSS JOIN window_months
    LEFT JOIN charges
        ON
            bucket.account_id = charges.account_id
            AND bucket.resource_id = charges.resource_id
            AND bucket.currency = charges.currency
            AND stale.storage_class = charges.storage_class
    GROUP BY bucket.account_id, bucket.resource_id, bucket.currency
),

verdicts AS (
    SELECT
        bucket.*,
        savings.stale_bytes,
        savings.stale_objects,
        savings.stale_folders,
        savings.first_folders,
        savings.monthly_savings,
        bucket.resource_id IN (SELECT reads.bucket FROM reads) AS are_reads_known,
        CASE
            WHEN bucket.is_inventoried_type AND NOT bucket.is_in_inventory THEN 'gone'
            WHEN bucket.resource_id NOT IN (SELECT folders.bucket FROM folders) THEN 'no_metric'
            WHEN savings.resource_id IS NULL THEN 'fresh'
            WHEN NOT savings.is_priced THEN 'no_price'
            WHEN savings.monthly_savings < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM buckets AS bucket
    LEFT JOIN savings
        ON
            bucket.account_id = savings.account_id
            AND bucket.resource_id = savings.resource_id
            AND bucket.currency IS NOT DISTINCT FROM savings.currency
    WHERE bucket.resource_id IN (SELECT locations.bucket FROM locations)
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.are_reads_known THEN 'medium' ELSE 'low' END AS confidence,
    CASE
        WHEN verdicts.are_reads_known THEN 'Nothing was written to these folders for long, and no read of them was recorded'
        ELSE 'Nothing was written to these folders for long; whether they are read was not recorded'
    END AS confidence_reason,
    CAST(greatest(0, 1 - verdicts.monthly_savings / nullif(verdicts.monthly_cost, 0)) AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'minimum_age_days': CAST($minimum_age_days AS INTEGER),
        'stale_folders': verdicts.stale_folders,
        'first_folders': verdicts.first_folders,
        'stale_objects': verdicts.stale_objects,
        'stale_gib': verdicts.stale_bytes / 1073741824.0,
        'savings_at_the_price_of_this_bucket': verdicts.monthly_savings,
        'are_reads_known': verdicts.are_reads_known
    } AS evidence
FROM verdicts
