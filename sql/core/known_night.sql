-- What meta.known_nights records of the night $as_of, counted in the history itself: running the night again counts the same.
WITH periods AS (
    SELECT count(DISTINCT concat(source, ' ', period)) AS compared_periods
    FROM meta.known_periods
    WHERE known_from = $as_of OR known_until = $as_of
),

costs AS (
    SELECT
        count(*) FILTER (WHERE known_from = $as_of) AS opened_rows,
        count(*) FILTER (WHERE known_until = $as_of) AS closed_rows
    FROM core.known_costs
    WHERE known_from = $as_of OR known_until = $as_of
)

SELECT
    CAST($as_of AS DATE) AS as_of,
    periods.compared_periods,
    costs.opened_rows,
    costs.closed_rows
FROM periods
CROSS JOIN costs
