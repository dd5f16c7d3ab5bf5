-- Control totals of the current loads of one source, with every column: the rows go back into the same table.
SELECT totals.*  -- noqa: AM04
FROM meta.load_totals AS totals
INNER JOIN meta.loads AS loads ON totals.source = loads.source AND totals.period = loads.period AND totals.version = loads.version
WHERE totals.source = $source AND loads.is_current
