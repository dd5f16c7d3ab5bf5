-- Stored bytes of the newest S3 inventory of each source before $as_of, by first folder, age, size and storage class.
WITH newest_day AS (
    SELECT
        listed.x_source,
        max(listed.x_period) AS x_period
    FROM raw.stored_objects AS listed
    WHERE CAST(listed.x_period AS DATE) < $as_of
    GROUP BY listed.x_source
),

objects AS (
    SELECT
        listed.bucket,
        regexp_extract(listed.key, '^[^/]*/') AS prefix,
        date_diff('day', listed.last_modified_date, CAST(listed.x_period AS TIMESTAMP)) AS age_days,
        listed.size AS size_bytes,
        listed.storage_class,
        CAST(listed.x_period AS TIMESTAMP) AS inventory_at
    FROM raw.stored_objects AS listed
    INNER JOIN newest_day
        ON listed.x_source = newest_day.x_source AND listed.x_period = newest_day.x_period
    WHERE coalesce(listed.is_latest, TRUE) AND NOT coalesce(listed.is_delete_marker, FALSE)
),

binned AS (
    SELECT
        objects.bucket,
        objects.prefix,
        CASE
            WHEN objects.age_days >= 730 THEN 730
            WHEN objects.age_days >= 365 THEN 365
            WHEN objects.age_days >= 180 THEN 180
            WHEN objects.age_days >= 90 THEN 90
            WHEN objects.age_days >= 60 THEN 60
            WHEN objects.age_days >= 30 THEN 30
            WHEN objects.age_days >= 15 THEN 15
            ELSE 0
        END AS age_days_from,
        CASE
            WHEN objects.size_bytes >= 134217728 THEN 134217728
            WHEN objects.size_bytes >= 16777216 THEN 16777216
            WHEN objects.size_bytes >= 1048576 THEN 1048576
            WHEN objects.size_bytes >= 131072 THEN 131072
            WHEN objects.size_bytes >= 16384 THEN 16384
            ELSE 0
        END AS size_bytes_from,
        coalesce(objects.storage_class, 'STANDARD') AS storage_class,
        objects.size_bytes,
        objects.inventory_at
    FROM objects
)

SELECT
    binned.bucket,
    binned.prefix,
    binned.age_days_from,
    binned.size_bytes_from,
    binned.storage_class,
    count(*) AS object_count,
    CAST(sum(binned.size_bytes) AS BIGINT) AS byte_count,
    binned.inventory_at
FROM binned
GROUP BY binned.bucket, binned.prefix, binned.age_days_from, binned.size_bytes_from, binned.storage_class, binned.inventory_at
