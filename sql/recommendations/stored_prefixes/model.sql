-- Stored objects by bucket, prefix, age, size and class, in the order in which lifecycle rules are worked out.
SELECT
    bucket,
    prefix,
    age_days_from,
    size_bytes_from,
    storage_class,
    object_count,
    byte_count
FROM usage.stored_objects
WHERE object_count > 0
ORDER BY bucket, prefix, storage_class, age_days_from, size_bytes_from
