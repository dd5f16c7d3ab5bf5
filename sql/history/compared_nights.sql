-- The published nights from $recomputed_from on, the night $as_of among them, each with the published night before it.
WITH nights AS (
    SELECT night.as_of FROM meta.nights AS night
    UNION
    SELECT CAST($as_of AS DATE) AS as_of
),

pairs AS (
    SELECT
        nights.as_of,
        lag(nights.as_of) OVER (ORDER BY nights.as_of) AS previous_night
    FROM nights
)

SELECT
    pairs.as_of,
    pairs.previous_night
FROM pairs
WHERE pairs.as_of >= CAST($recomputed_from AS DATE) AND pairs.previous_night IS NOT NULL
ORDER BY pairs.as_of
