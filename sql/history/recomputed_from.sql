-- The first night whose changes must be told anew once the night $as_of has run: its own, or an earlier one that was compared with a night
-- which was never published.
WITH nights AS (
    SELECT night.as_of FROM meta.nights AS night
    UNION
    SELECT CAST($as_of AS DATE) AS as_of
),

stale AS (
    SELECT min(changes.as_of) AS as_of
    FROM results.finding_changes AS changes
    WHERE
        changes.as_of NOT IN (SELECT nights.as_of FROM nights)
        OR changes.previous_night NOT IN (SELECT nights.as_of FROM nights)
)

SELECT least(CAST($as_of AS DATE), stale.as_of) AS recomputed_from
FROM stale
