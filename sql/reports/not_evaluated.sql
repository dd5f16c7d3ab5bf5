-- Resources that no rule could judge, with what they cost and why.
SELECT
    currency,
    provider,
    account_id,
    region,
    service,
    resource_type,
    resource_id,
    max(resource_name) AS resource_name,
    max(monthly_cost) AS monthly_cost,
    coalesce(arg_min(reason, list_position($reasons, reason)), min(reason), 'unknown') AS reason,
    list_sort(list(DISTINCT rule_id)) AS rules
FROM results.evaluations
WHERE as_of = $as_of AND NOT list_contains(CAST($other_rules AS VARCHAR[]), rule_id)
GROUP BY currency, provider, account_id, region, service, resource_type, resource_id
HAVING bool_and(outcome = 'not_evaluable')
ORDER BY currency ASC, monthly_cost DESC, provider ASC, account_id ASC, resource_id ASC
