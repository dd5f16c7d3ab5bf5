-- The current version of each period of one source.
SELECT
    loads.period,
    loads.version
FROM meta.loads AS loads
WHERE loads.source = $source AND loads.is_current
