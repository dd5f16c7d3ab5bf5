-- Cash savings of the night $as_of, registered as `cash`, and the amounts behind them.
UPDATE results.findings AS finding
SET
    monthly_cash_savings = cash.monthly_cash_savings,
    evidence = cash.evidence
FROM cash
WHERE finding.as_of = CAST($as_of AS DATE) AND finding.finding_id = cash.finding_id
