-- How the checks of this night and of those before it went, the blocked nights included: the latest fourteen, in order.
WITH nights AS (
    SELECT
        as_of,
        count(*) FILTER (is_passed) AS passed,
        count(*) FILTER (NOT is_passed AND severity = 'warning') AS warned,
        count(*) FILTER (NOT is_passed AND severity = 'critical') AS failed
    FROM quality.results
    WHERE as_of <= $as_of
    GROUP BY as_of
    ORDER BY as_of DESC
    LIMIT 14
)

SELECT
    as_of,
    passed,
    warned,
    failed
FROM nights
ORDER BY as_of
