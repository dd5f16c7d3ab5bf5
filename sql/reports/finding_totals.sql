-- How many findings a night has, and what they save a month before overlap, per currency; unknown savings add nothing.
SELECT
    finding.currency,
    count(*) AS finding_count,
    CAST(coalesce(sum(finding.monthly_savings), 0) AS DECIMAL(18, 2)) AS savings
FROM results.findings AS finding
WHERE finding.as_of = $night
GROUP BY finding.currency
ORDER BY finding.currency
