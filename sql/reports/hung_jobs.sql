-- Jobs that should have ended, with what they have spent so far; in no monthly total.
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
    accrued_cost,
    evidence,
    remedy
FROM results.findings
WHERE
    as_of = $as_of
    AND accrued_cost IS NOT NULL
ORDER BY currency ASC, accrued_cost DESC, finding_id ASC
