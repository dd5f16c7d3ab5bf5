-- Findings of this night that the previous night did not have.
SELECT
    current_night.currency,
    current_night.finding_id,
    current_night.rule_id,
    current_night.resource_id,
    current_night.resource_name,
    current_night.monthly_savings
FROM results.findings AS current_night
LEFT JOIN results.findings AS earlier
    ON
        current_night.finding_id = earlier.finding_id
        AND earlier.as_of = $previous_as_of
WHERE
    current_night.as_of = $as_of
    AND earlier.finding_id IS NULL
ORDER BY current_night.currency ASC, current_night.monthly_savings DESC NULLS LAST, current_night.finding_id ASC
