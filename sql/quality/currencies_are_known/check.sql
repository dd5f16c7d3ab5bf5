-- Currencies that a source bills in now and did not in the last published night.
WITH known AS (
    SELECT DISTINCT
        published_totals.source,
        published_totals.currency
    FROM meta.published_totals
    WHERE published_totals.billed_cost <> 0
)

SELECT
    loads.source,
    load_totals.currency,
    min(loads.period) AS first_period,
    CAST(sum(load_totals.billed_cost) AS DECIMAL(18, 2)) AS billed_cost
FROM meta.loads AS loads
INNER JOIN meta.load_totals AS load_totals
    ON loads.source = load_totals.source AND loads.period = load_totals.period AND loads.version = load_totals.version
LEFT JOIN known ON loads.source = known.source AND load_totals.currency = known.currency
WHERE
    loads.is_current
    AND known.currency IS NULL
    AND load_totals.billed_cost <> 0
    AND EXISTS (
        SELECT 1 FROM known AS published
        WHERE published.source = loads.source
    )
GROUP BY loads.source, load_totals.currency
ORDER BY loads.source, load_totals.currency
