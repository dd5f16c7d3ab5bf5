-- How many charges are left out of the bills of $source_type.
SELECT count(*) AS exclusions
FROM meta.duplicate_charges AS left_out
INNER JOIN meta.loads AS loads ON left_out.source = loads.source AND left_out.period = loads.period
WHERE loads.is_current AND loads.source_type = $source_type
