-- Critical checks of one table that failed on the night $as_of.
SELECT
    results.check_name,
    results.title,
    results.observed
FROM quality.results
WHERE results.as_of = $as_of AND results.table_name = $table_name AND results.severity = 'critical' AND NOT results.is_passed
ORDER BY results.check_name
