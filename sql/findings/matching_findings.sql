-- The latest night of every finding whose id begins with a prefix.
SELECT
    finding.finding_id,
    max(finding.as_of) AS as_of
FROM results.findings AS finding
WHERE starts_with(finding.finding_id, $prefix)
GROUP BY finding.finding_id
ORDER BY finding.finding_id
