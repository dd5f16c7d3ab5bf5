-- Share of the usage cost of the night $as_of that carries a value, for each dimension and currency.
SELECT
    dimension,
    currency,
    sum(usage_cost) AS usage_cost,
    sum(usage_cost) - sum(untagged_cost) AS tagged_cost,
    CAST(sum(usage_cost) - sum(untagged_cost) AS DOUBLE) / nullif(CAST(sum(usage_cost) AS DOUBLE), 0) AS tagged_share
FROM results.tag_coverage
WHERE as_of = $as_of
GROUP BY dimension, currency
ORDER BY currency, dimension
