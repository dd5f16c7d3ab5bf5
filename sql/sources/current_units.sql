-- Every version that is current, as the lake names it.
SELECT
    loads.source_type,
    loads.source,
    loads.period,
    loads.version
FROM meta.loads AS loads
WHERE loads.is_current
