-- The findings of the night $as_of that end usage, in the order of the plan: $actions, then savings.
SELECT
    finding.finding_id,
    finding.provider,
    finding.account_id,
    finding.resource_id,
    finding.resource_type,
    finding.currency,
    finding.action,
    finding.evidence
FROM results.findings AS finding
WHERE finding.as_of = CAST($as_of AS DATE) AND finding.monthly_savings > 0 AND finding.action <> 'commitment'
ORDER BY list_position($actions, finding.action) ASC, finding.monthly_savings DESC, finding.finding_id ASC
