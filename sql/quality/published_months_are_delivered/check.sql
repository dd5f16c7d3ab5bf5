-- Sources that were read on the night $as_of and no longer deliver months that the tables are made of; the message names these.
SELECT
    source_reads.source,
    source_reads.message
FROM meta.source_reads
WHERE source_reads.as_of = $as_of AND source_reads.outcome = 'read' AND source_reads.message IS NOT NULL
ORDER BY source_reads.source
