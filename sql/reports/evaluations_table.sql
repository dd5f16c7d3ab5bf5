-- The night's ledger, for evaluations.csv.
SELECT
    as_of,
    rule_id,
    provider,
    account_id,
    region,
    service,
    resource_id,
    resource_name,
    resource_type,
    currency,
    monthly_cost,
    outcome,
    reason,
    reason_detail,
    excepted_savings
FROM results.evaluations
WHERE as_of = $as_of
ORDER BY currency ASC, outcome ASC, monthly_cost DESC, provider ASC, account_id ASC, resource_id ASC, rule_id ASC
