-- The waterfall in its order, each step with the finding that it comes from; a recommendation has its own section.
SELECT
    plan.step,
    plan.action,
    plan.title,
    plan.provider,
    plan.account_id,
    plan.region,
    plan.service,
    plan.resource_id,
    plan.owner,
    plan.team,
    plan.project,
    plan.environment,
    plan.currency,
    plan.gross_savings,
    plan.overlap,
    plan.net_savings,
    plan.confidence,
    plan.finding_id,
    plan.recommendation_id,
    finding.rule_id,
    finding.first_seen,
    finding.resource_name,
    finding.confidence_reason,
    finding.monthly_cost,
    finding.monthly_list_savings,
    finding.monthly_cash_savings,
    finding.evidence,
    finding.remedy
FROM results.plan AS plan
LEFT JOIN results.findings AS finding
    ON
        plan.as_of = finding.as_of
        AND plan.finding_id = finding.finding_id
WHERE plan.as_of = $as_of
ORDER BY plan.step
