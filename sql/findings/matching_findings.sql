-- The latest night of every finding whose id begins with a text, or whose resource is called so.
SELECT
    finding.finding_id,
    max(finding.as_of) AS as_of,
    any_value(finding.rule_id) AS rule_id,
    starts_with(finding.finding_id, lower($text)) AS is_by_id
FROM results.findings AS finding
WHERE starts_with(finding.finding_id, lower($text)) OR finding.resource_id = $text OR finding.resource_name = $text
GROUP BY finding.finding_id
ORDER BY finding.finding_id
