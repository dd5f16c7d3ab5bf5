-- Reads of stored objects by age at the read: the newest statistics of each source before $as_of.
WITH newest_day AS (
    SELECT
        reads.x_source,
        max(reads.x_period) AS x_period
    FROM raw.object_reads AS reads
    WHERE CAST(reads.x_period AS DATE) < $as_of
    GROUP BY reads.x_source
)

SELECT
    reads.bucket,
    reads.prefix,
    reads.age_days_from,
    reads.get_count,
    reads.byte_count,
    reads.object_days,
    reads.byte_days,
    reads.observed_from,
    reads.observed_to
FROM raw.object_reads AS reads
INNER JOIN newest_day
    ON reads.x_source = newest_day.x_source AND reads.x_period = newest_day.x_period
