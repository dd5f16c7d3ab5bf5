-- The findings of the night $as_of, by $rule_id, $team and $provider where these are given, of those that save $least_savings at least.
SELECT
    finding.finding_id,
    finding.rule_id,
    finding.provider,
    finding.account_id,
    finding.region,
    finding.service,
    finding.resource_id,
    finding.resource_name,
    finding.owner,
    finding.team,
    finding.action,
    finding.target,
    finding.confidence,
    finding.first_seen,
    finding.currency,
    finding.monthly_cost,
    finding.monthly_savings,
    finding.monthly_cash_savings,
    finding.accrued_cost
FROM results.findings AS finding
WHERE
    finding.as_of = CAST($as_of AS DATE)
    AND finding.rule_id = coalesce(CAST($rule_id AS VARCHAR), finding.rule_id)
    AND (CAST($team AS VARCHAR) IS NULL OR finding.team = $team)
    AND finding.provider = coalesce(CAST($provider AS VARCHAR), finding.provider)
    AND (CAST($least_savings AS DECIMAL(18, 2)) IS NULL OR finding.monthly_savings >= CAST($least_savings AS DECIMAL(18, 2)))
ORDER BY finding.currency ASC, finding.monthly_savings DESC NULLS LAST, finding.monthly_cost DESC, finding.finding_id ASC
