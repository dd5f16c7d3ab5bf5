-- What meta.nights records of the night $as_of: checks, and loads since the last night that published.
SELECT
    (SELECT count(*) FROM quality.results AS check_result WHERE check_result.as_of = $as_of AND check_result.is_passed) AS checks_passed,
    (SELECT count(*) FROM quality.results AS check_result WHERE check_result.as_of = $as_of AND NOT check_result.is_passed) AS checks_warned,
    (
        SELECT count(*)
        FROM meta.loads AS load
        WHERE load.loaded_at > (SELECT coalesce(max(night.published_at), TIMESTAMP '1970-01-01') FROM meta.nights AS night)
    ) AS loads_changed
