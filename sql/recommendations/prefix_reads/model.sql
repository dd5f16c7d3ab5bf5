-- Reads per object-day and per stored byte-day by bucket, prefix and age; ages that were not observed have no row.
SELECT
    bucket,
    prefix,
    age_days_from,
    get_count / object_days AS gets_per_object_day,
    coalesce(byte_count / nullif(byte_days, 0), 0) AS bytes_per_byte_day,
    date_diff('day', observed_from, observed_to) AS days_observed
FROM usage.object_reads
WHERE object_days > 0
ORDER BY bucket, prefix, age_days_from
