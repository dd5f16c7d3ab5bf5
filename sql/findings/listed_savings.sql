-- What was saved up to the night $as_of, by $rule_id, $team and $provider where these are given, of what saved $least_savings at least.
SELECT
    realized.finding_id,
    realized.rule_id,
    realized.provider,
    realized.account_id,
    realized.resource_id,
    realized.resource_name,
    realized.owner,
    realized.team,
    realized.acted_on,
    realized.reason,
    realized.detail,
    realized.currency,
    realized.predicted_monthly_savings,
    realized.baseline_days,
    realized.baseline_daily_cost,
    realized.measured_from,
    realized.measured_days,
    realized.actual_cost,
    realized.predicted_savings,
    realized.realized_savings,
    realized.unmeasured_reason,
    realized.counterfactual
FROM results.realized_savings AS realized
WHERE
    realized.as_of = CAST($as_of AS DATE)
    AND realized.rule_id = coalesce(CAST($rule_id AS VARCHAR), realized.rule_id)
    AND (CAST($team AS VARCHAR) IS NULL OR realized.team = $team)
    AND realized.provider = coalesce(CAST($provider AS VARCHAR), realized.provider)
    AND (CAST($least_savings AS DECIMAL(18, 2)) IS NULL OR realized.realized_savings >= CAST($least_savings AS DECIMAL(18, 2)))
ORDER BY realized.currency ASC, realized.acted_on DESC, realized.realized_savings DESC NULLS LAST, realized.finding_id ASC
