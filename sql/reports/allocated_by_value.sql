-- Whose cost the last 30 complete days of each bill are, dimension by dimension; null is untagged, or nobody's where share is `not split`.
SELECT
    currency,
    window_start,
    window_end,
    dimension,
    value,
    share,
    pool,
    cost
FROM results.allocated_costs
WHERE
    as_of = $as_of
    AND period = 'last_30_days'
    AND cost <> 0
ORDER BY currency, dimension, share, pool, value
