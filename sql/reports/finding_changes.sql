-- What changed of the findings since the night before, the largest differences first.
SELECT
    change.as_of,
    change.previous_night,
    change.finding_id,
    change.rule_id,
    change.provider,
    change.account_id,
    change.region,
    change.service,
    change.resource_id,
    change.resource_name,
    change.resource_type,
    change.owner,
    change.team,
    change.action,
    change.currency,
    change.change,
    change.reason,
    change.detail,
    change.previous_monthly_savings,
    change.monthly_savings,
    change.difference
FROM results.finding_changes AS change
WHERE change.as_of = $as_of
ORDER BY change.currency ASC, abs(change.difference) DESC, change.finding_id ASC
