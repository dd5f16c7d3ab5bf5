-- The night's allocated costs, for allocation.csv.
SELECT
    as_of,
    period,
    window_start,
    window_end,
    dimension,
    value,
    currency,
    share,
    pool,
    cost
FROM results.allocated_costs
WHERE as_of = $as_of
ORDER BY currency, period, dimension, value, share, pool
