-- Sources that could not be read on the night $as_of, and since when: the first failed night after the last one that read them.
WITH last_read AS (
    SELECT
        source_reads.source,
        max(source_reads.as_of) AS read_on
    FROM meta.source_reads
    WHERE source_reads.outcome <> 'failed' AND source_reads.as_of < $as_of
    GROUP BY source_reads.source
),

failing AS (
    SELECT
        source_reads.source,
        min(source_reads.as_of) AS failing_since
    FROM meta.source_reads
    LEFT JOIN last_read ON source_reads.source = last_read.source
    WHERE
        source_reads.outcome = 'failed'
        AND source_reads.as_of <= $as_of
        AND (last_read.read_on IS NULL OR source_reads.as_of > last_read.read_on)
    GROUP BY source_reads.source
)

SELECT
    source_reads.source,
    failing.failing_since,
    source_reads.latest_period,
    source_reads.message
FROM meta.source_reads
INNER JOIN failing ON source_reads.source = failing.source
WHERE source_reads.as_of = $as_of AND source_reads.outcome = 'failed'
ORDER BY source_reads.source
