-- Actions of the nights from $since on, which are told anew.
DELETE FROM results.observed_actions
WHERE as_of >= CAST($since AS DATE)
