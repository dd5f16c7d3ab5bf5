-- Rolled-up periods that no current load stands behind any more.
SELECT
    roll_ups.source,
    roll_ups.period
FROM meta.roll_ups AS roll_ups
LEFT JOIN meta.loads AS loads ON roll_ups.source = loads.source AND roll_ups.period = loads.period AND loads.is_current
WHERE loads.source IS NULL
ORDER BY roll_ups.source, roll_ups.period
