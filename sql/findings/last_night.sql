-- The latest night that judged anything.
SELECT max(evaluation.as_of) AS as_of
FROM results.evaluations AS evaluation
