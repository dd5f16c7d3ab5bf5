-- The published nights from $as_of on, and that night itself.
SELECT night.as_of
FROM meta.nights AS night
WHERE night.as_of > CAST($as_of AS DATE)
UNION
SELECT CAST($as_of AS DATE) AS as_of
ORDER BY as_of
