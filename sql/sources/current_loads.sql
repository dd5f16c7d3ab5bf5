-- The current loads of one source, oldest period first.
SELECT
    loads.period,
    loads.row_count,
    loads.byte_count,
    LEN(loads.files) AS file_count
FROM meta.loads AS loads
WHERE loads.source = $source AND loads.is_current
ORDER BY loads.period
