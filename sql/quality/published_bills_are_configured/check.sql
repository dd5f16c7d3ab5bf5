-- Bills of the last published night that no source of the night $as_of delivers any more.
SELECT
    published_totals.source,
    min(published_totals.period) AS first_period,
    max(published_totals.period) AS last_period,
    published_totals.currency,
    CAST(sum(published_totals.billed_cost) AS DECIMAL(18, 2)) AS published_cost
FROM meta.published_totals
LEFT JOIN meta.source_reads ON published_totals.source = source_reads.source AND source_reads.as_of = $as_of
WHERE source_reads.source IS NULL
GROUP BY published_totals.source, published_totals.currency
ORDER BY published_totals.source, published_totals.currency
