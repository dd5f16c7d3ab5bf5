-- The version that every period is made of, with the time that it was landed: what stands in for a delivery that is held back.
SELECT
    source,
    period,
    version,
    loaded_at
FROM meta.loads
WHERE is_current
ORDER BY source, period
