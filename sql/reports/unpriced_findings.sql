-- Findings of which nobody knows what the action saves, with what their resources cost; in no sum of savings.
SELECT
    currency,
    finding_id,
    rule_id,
    provider,
    account_id,
    region,
    service,
    resource_id,
    resource_name,
    owner,
    team,
    first_seen,
    confidence,
    confidence_reason,
    monthly_cost,
    evidence,
    remedy
FROM results.findings
WHERE
    as_of = $as_of
    AND monthly_savings IS NULL
    AND accrued_cost IS NULL
ORDER BY currency ASC, monthly_cost DESC, finding_id ASC
