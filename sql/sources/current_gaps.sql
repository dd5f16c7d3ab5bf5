-- What the current versions of one source lack.
SELECT
    loads.period,
    loads.version,
    loads.files,
    gap.provider,
    gap.account_id,
    gap.role,
    gap.region,
    gap.subject,
    gap.reason,
    gap.message
FROM meta.loads AS loads
INNER JOIN meta.collection_gaps AS gap
    ON loads.source = gap.source AND loads.period = gap.period AND loads.version = gap.version
WHERE loads.source = $source AND loads.is_current
ORDER BY ALL
