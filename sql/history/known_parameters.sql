-- By which thresholds the rules judged in $nights.
SELECT
    known.as_of,
    known.rule_id,
    known.provider,
    known.account_id,
    known.resource_id,
    map_keys(known.parameters) AS names,
    map_values(known.parameters) AS contents,
    known.definition
FROM results.rule_parameters AS known
WHERE list_contains(CAST($nights AS DATE[]), known.as_of)
