-- The latest night before this one that left results or was published; null on the first night.
WITH nights AS (
    SELECT as_of FROM meta.nights
    UNION ALL
    SELECT as_of FROM results.evaluations
    UNION ALL
    SELECT as_of FROM results.findings
    UNION ALL
    SELECT as_of FROM results.plan
)

SELECT max(as_of) AS previous_as_of
FROM nights
WHERE as_of < $as_of
