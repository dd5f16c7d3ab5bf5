-- Bill periods whose current version is not the one that their roll-ups are made of.
SELECT
    loads.source,
    loads.period,
    loads.version
FROM meta.loads AS loads
LEFT JOIN meta.roll_ups AS roll_ups
    ON loads.source = roll_ups.source AND loads.period = roll_ups.period AND loads.version = roll_ups.version
WHERE loads.is_current AND loads.source_type IN ('aws_cur', 'gcp_billing') AND roll_ups.version IS NULL
ORDER BY loads.source, loads.period
