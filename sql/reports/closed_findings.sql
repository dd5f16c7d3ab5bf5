-- Findings of the previous night that are gone, with what became of them: clean is resolved; unknown or excepted is not.
SELECT
    earlier.currency,
    earlier.finding_id,
    earlier.rule_id,
    earlier.resource_id,
    earlier.resource_name,
    earlier.monthly_savings,
    coalesce(min(evaluation.outcome), 'gone') AS outcome
FROM results.findings AS earlier
LEFT JOIN results.findings AS current_night
    ON
        earlier.finding_id = current_night.finding_id
        AND current_night.as_of = $as_of
LEFT JOIN results.evaluations AS evaluation
    ON
        earlier.rule_id = evaluation.rule_id
        AND earlier.provider = evaluation.provider
        AND earlier.account_id IS NOT DISTINCT FROM evaluation.account_id
        AND earlier.resource_id = evaluation.resource_id
        AND evaluation.as_of = $as_of
WHERE
    earlier.as_of = $previous_as_of
    AND current_night.finding_id IS NULL
GROUP BY ALL
ORDER BY earlier.currency ASC, earlier.monthly_savings DESC NULLS LAST, earlier.finding_id ASC
