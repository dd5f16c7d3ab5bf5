-- Billed cost of one source per currency, over its current loads.
SELECT
    totals.currency,
    CAST(SUM(totals.billed_cost) AS DECIMAL(38, 12)) AS billed_cost
FROM meta.load_totals AS totals
INNER JOIN meta.loads AS loads ON totals.source = loads.source AND totals.period = loads.period AND totals.version = loads.version
WHERE loads.source = $source AND loads.is_current
GROUP BY totals.currency
ORDER BY totals.currency
