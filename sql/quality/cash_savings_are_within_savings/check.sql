-- Findings of the night $as_of whose cash savings are missing, negative, or above their savings.
SELECT
    findings.finding_id,
    findings.rule_id,
    findings.resource_id,
    findings.monthly_savings,
    findings.monthly_cash_savings,
    findings.currency
FROM results.findings
WHERE
    findings.as_of = $as_of
    AND findings.monthly_savings IS NOT NULL
    AND (
        findings.monthly_cash_savings IS NULL
        OR findings.monthly_cash_savings < 0
        OR findings.monthly_cash_savings > findings.monthly_savings
    )
ORDER BY findings.finding_id
