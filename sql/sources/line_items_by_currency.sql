-- Line items and billed cost of the current loads of all bills, per currency, as counted when they were landed.
SELECT
    load_total.currency,
    CAST(sum(load_total.row_count) AS BIGINT) AS line_items,
    sum(load_total.billed_cost) AS billed_cost
FROM meta.load_totals AS load_total
INNER JOIN meta.loads AS load
    ON load_total.source = load.source AND load_total.period = load.period AND load_total.version = load.version
WHERE load.is_current
GROUP BY load_total.currency
ORDER BY load_total.currency
