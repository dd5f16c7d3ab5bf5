-- The newest loads of one source type, for the orchestrator's page.
SELECT
    load.source,
    load.period,
    load.version,
    load.row_count,
    load.byte_count,
    load.loaded_at
FROM meta.loads AS load
WHERE load.is_current AND load.source_type = $source_type
ORDER BY load.period DESC, load.source ASC
LIMIT 10
