-- Every check of the night: failed critical ones first, then failed warnings, then the rest by table.
SELECT
    table_name,
    check_name,
    severity,
    is_passed,
    observed,
    title,
    remedy,
    offending_rows
FROM quality.results
WHERE as_of = $as_of
ORDER BY is_passed, severity, table_name, check_name
