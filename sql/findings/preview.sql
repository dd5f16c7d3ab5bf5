-- The largest findings of one rule in the night $as_of, for the orchestrator's page.
SELECT
    finding.finding_id,
    finding.resource_id,
    finding.resource_name,
    finding.owner,
    finding.confidence,
    finding.monthly_cost,
    finding.monthly_savings,
    finding.accrued_cost,
    finding.currency
FROM results.findings AS finding
WHERE finding.as_of = $as_of AND finding.rule_id = $rule_id
ORDER BY finding.monthly_savings DESC NULLS LAST, finding.finding_id ASC
LIMIT 10
