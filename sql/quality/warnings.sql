-- Checks that warned on the night $as_of, without those that are told in words of their own.
SELECT
    results.check_name,
    results.title,
    results.observed
FROM quality.results
WHERE
    results.as_of = $as_of
    AND results.severity = 'warning'
    AND NOT results.is_passed
    AND NOT list_contains($told, results.check_name)
ORDER BY results.table_name, results.check_name
