-- Bill periods whose roll-ups are made of another version than the current one, or were made in another way than $definition.
SELECT
    loads.source,
    loads.period,
    loads.version
FROM meta.loads AS loads
LEFT JOIN meta.roll_ups AS roll_ups
    ON
        loads.source = roll_ups.source
        AND loads.period = roll_ups.period
        AND loads.version = roll_ups.version
        AND roll_ups.definition = $definition
WHERE loads.is_current AND loads.source_type IN ('aws_cur', 'gcp_billing', 'focus') AND roll_ups.version IS NULL
ORDER BY loads.source, loads.period
