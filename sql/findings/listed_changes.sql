-- What changed of the findings between the night $as_of and the night before, by $rule_id, $team and $provider where these are given, the
-- largest differences first.
SELECT
    change.as_of,
    change.previous_night,
    change.finding_id,
    change.rule_id,
    change.provider,
    change.account_id,
    change.resource_id,
    change.resource_name,
    change.owner,
    change.team,
    change.action,
    change.change,
    change.reason,
    change.detail,
    change.currency,
    change.previous_monthly_savings,
    change.monthly_savings,
    change.difference
FROM results.finding_changes AS change
WHERE
    change.as_of = CAST($as_of AS DATE)
    AND change.rule_id = coalesce(CAST($rule_id AS VARCHAR), change.rule_id)
    AND (CAST($team AS VARCHAR) IS NULL OR change.team = $team)
    AND change.provider = coalesce(CAST($provider AS VARCHAR), change.provider)
    AND (CAST($least_savings AS DECIMAL(18, 2)) IS NULL OR abs(change.difference) >= CAST($least_savings AS DECIMAL(18, 2)))
ORDER BY change.currency ASC, abs(change.difference) DESC, change.finding_id ASC
