-- Control totals of the versions that a published file is made of, and the night that it is of.
WITH newest_night AS (
    SELECT max(night.as_of) AS as_of
    FROM meta.nights AS night
)

SELECT
    newest_night.as_of,
    totals.source,
    totals.period,
    totals.version,
    totals.currency,
    totals.charge_type,
    CAST(sum(totals.row_count) AS BIGINT) AS row_count,
    CAST(sum(totals.billed_cost) AS DECIMAL(38, 12)) AS billed_cost
FROM meta.load_totals AS totals
INNER JOIN meta.loads AS loads ON totals.source = loads.source AND totals.period = loads.period AND totals.version = loads.version
CROSS JOIN newest_night
WHERE loads.is_current AND newest_night.as_of IS NOT NULL
GROUP BY newest_night.as_of, totals.source, totals.period, totals.version, totals.currency, totals.charge_type
