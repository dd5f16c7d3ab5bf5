-- The first day of which each bill's current loads have usage; where a bill has no usage at all, of which it has a charge: taxes and fees
-- are dated at the beginning of their month.
WITH totals AS (
    SELECT
        loads.source,
        load_totals.first_usage_on,
        lower(load_totals.charge_type) = 'regular' OR lower(load_totals.charge_type) LIKE '%usage' AS is_usage
    FROM meta.loads
    INNER JOIN meta.load_totals
        ON loads.source = load_totals.source AND loads.period = load_totals.period AND loads.version = load_totals.version
    WHERE loads.is_current AND list_contains($sources, loads.source)
)

SELECT
    source,
    coalesce(min(CASE WHEN is_usage THEN first_usage_on END), min(first_usage_on)) AS first_usage_on
FROM totals
GROUP BY source
HAVING min(first_usage_on) IS NOT NULL
ORDER BY first_usage_on, source
