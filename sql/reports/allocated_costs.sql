-- Shares of one dimension and period in the last published night; null is untagged, or nobody's where share is `not split`.
SELECT
    value,
    currency,
    share,
    pool,
    cost
FROM results.allocated_costs
WHERE
    as_of = (SELECT max(latest.as_of) FROM results.allocated_costs AS latest)
    AND dimension = $dimension
    AND period = $period
ORDER BY currency, value, share, pool
