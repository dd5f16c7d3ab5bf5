-- Findings of the night $as_of whose savings are above what the resource costs this account.
SELECT
    findings.finding_id,
    findings.rule_id,
    findings.resource_id,
    findings.monthly_cost,
    findings.monthly_savings,
    findings.currency
FROM results.findings
WHERE findings.as_of = $as_of AND findings.monthly_savings > findings.monthly_cost
ORDER BY findings.monthly_savings - findings.monthly_cost DESC
