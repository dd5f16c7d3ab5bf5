-- The current loads of one source.
SELECT
    loads.source,
    loads.source_type,
    loads.period,
    loads.version,
    loads.files,
    loads.row_count,
    loads.byte_count,
    loads.loaded_at,
    loads.is_current
FROM meta.loads AS loads
WHERE loads.source = $source AND loads.is_current
