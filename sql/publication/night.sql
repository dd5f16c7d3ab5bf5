-- What meta.nights records of the night $as_of: checks, and loads since the last night that published.
WITH checks AS (
    SELECT
        count(*) FILTER (WHERE check_result.is_passed) AS checks_passed,
        count(*) FILTER (WHERE NOT check_result.is_passed) AS checks_warned
    FROM quality.results AS check_result
    WHERE check_result.as_of = $as_of
),

last_publication AS (
    SELECT coalesce(max(night.published_at), TIMESTAMP '1970-01-01') AS published_at
    FROM meta.nights AS night
),

loads AS (
    SELECT count(*) AS loads_changed
    FROM meta.loads AS load
    INNER JOIN last_publication ON load.loaded_at > last_publication.published_at
)

SELECT
    checks.checks_passed,
    checks.checks_warned,
    loads.loads_changed
FROM checks
CROSS JOIN loads
