-- Usage spend by service and by how far rules could judge it in the night, for the report.
SELECT
    spend.currency,
    spend.service,
    spend.verdict,
    spend.resource_count,
    spend.cost
FROM results.evaluated_spend AS spend
WHERE spend.as_of = $as_of
ORDER BY spend.currency, spend.service, spend.provider, spend.verdict
