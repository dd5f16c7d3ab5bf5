-- The current loads of one source, with every column: the rows go back into the same table.
SELECT loads.*  -- noqa: AM04
FROM meta.loads AS loads
WHERE loads.source = $source AND loads.is_current
