-- Changes of the nights from $since on, which are told anew.
DELETE FROM results.finding_changes
WHERE as_of >= CAST($since AS DATE)
