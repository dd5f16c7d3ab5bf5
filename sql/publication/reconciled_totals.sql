-- What the daily costs added up to when they were reconciled with the delivered bills, per source, period and currency.
SELECT
    reconciliation.source,
    reconciliation.period,
    reconciliation.currency,
    CAST(sum(reconciliation.daily_rows) AS BIGINT) AS line_items,
    sum(reconciliation.daily_cost) AS billed_cost
FROM quality.reconciliation
GROUP BY reconciliation.source, reconciliation.period, reconciliation.currency
HAVING sum(reconciliation.daily_rows) > 0
