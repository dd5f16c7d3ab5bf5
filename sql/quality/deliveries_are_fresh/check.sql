-- Sources whose newest period ended longer before $as_of than such deliveries take; a month ends on its last day.
WITH newest AS (
    SELECT
        source_reads.source,
        source_reads.source_type,
        source_reads.latest_period,
        CASE
            WHEN length(source_reads.latest_period) = 7 THEN last_day(CAST(source_reads.latest_period || '-01' AS DATE))
            ELSE TRY_CAST(source_reads.latest_period AS DATE)
        END AS latest_day
    FROM meta.source_reads
    WHERE source_reads.as_of = $as_of AND source_reads.outcome <> 'quarantined'
)

SELECT
    newest.source,
    newest.source_type,
    newest.latest_period,
    date_diff('day', newest.latest_day, $as_of) AS days_old
FROM newest
WHERE
    date_diff('day', newest.latest_day, $as_of)
    > CASE
        WHEN newest.source_type IN ('inventory', 's3_inventory', 's3_reads', 'gcp_pricing') THEN $max_snapshot_days
        ELSE $max_days
    END
ORDER BY newest.source
