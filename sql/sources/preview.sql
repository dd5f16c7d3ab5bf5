-- The newest loads of some sources, for the orchestrator's page.
SELECT
    load.source,
    load.source_type,
    load.period,
    load.version,
    load.row_count,
    load.byte_count,
    load.loaded_at
FROM meta.loads AS load
WHERE load.is_current AND list_contains($sources, load.source)
ORDER BY load.period DESC, load.source ASC
LIMIT 10
