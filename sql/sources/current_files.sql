-- Every file of the lake that a current load refers to.
SELECT UNNEST(loads.files) AS file
FROM meta.loads AS loads
WHERE loads.is_current
