-- Which roll-up of each bill period the nights knew, after the night $as_of; what this very night wrote before is left out.
WITH earlier_periods AS (
    SELECT
        source,
        period,
        version,
        definition,
        known_from,
        nullif(known_until, $as_of) AS known_until
    FROM meta.known_periods
    WHERE known_from < $as_of
),

open_periods AS (
    SELECT
        source,
        period,
        version,
        definition,
        known_from,
        0 AS is_of_tonight
    FROM earlier_periods
    WHERE known_until IS NULL
    UNION ALL
    SELECT
        source,
        period,
        version,
        definition,
        CAST($as_of AS DATE) AS known_from,
        1 AS is_of_tonight
    FROM meta.roll_ups
)

SELECT
    source,
    period,
    version,
    definition,
    min(known_from) AS known_from,
    CASE WHEN max(is_of_tonight) = 0 THEN CAST($as_of AS DATE) END AS known_until
FROM open_periods
GROUP BY source, period, version, definition
UNION ALL
SELECT
    source,
    period,
    version,
    definition,
    known_from,
    known_until
FROM earlier_periods
WHERE known_until IS NOT NULL
