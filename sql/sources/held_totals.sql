-- Control totals of the current loads of one source.
SELECT
    totals.source,
    totals.period,
    totals.version,
    totals.billing_account_id,
    totals.sub_account_id,
    totals.currency,
    totals.charge_type,
    totals.row_count,
    totals.billed_cost
FROM meta.load_totals AS totals
INNER JOIN meta.loads AS loads ON totals.source = loads.source AND totals.period = loads.period AND totals.version = loads.version
WHERE totals.source = $source AND loads.is_current
