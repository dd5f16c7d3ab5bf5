-- Stored bytes of each inventoried bucket by the age of the objects.
SELECT
    bucket,
    age_days_from,
    sum(object_count) AS object_count,
    sum(byte_count) AS byte_count
FROM usage.stored_objects
GROUP BY bucket, age_days_from
ORDER BY bucket, age_days_from
