-- The night's findings, for findings.csv.
SELECT
    as_of,
    finding_id,
    rule_id,
    first_seen,
    provider,
    account_id,
    region,
    service,
    resource_id,
    resource_name,
    resource_type,
    owner,
    team,
    project,
    environment,
    action,
    target,
    confidence,
    confidence_reason,
    monthly_cost,
    monthly_list_savings,
    monthly_savings,
    monthly_cash_savings,
    accrued_cost,
    currency,
    evidence,
    remedy
FROM results.findings
WHERE as_of = $as_of
ORDER BY currency ASC, monthly_savings DESC NULLS LAST, finding_id ASC
