-- The bridge from usage to the total: every pool of the window, net effective and as billed.
SELECT
    BillingCurrency AS currency,
    x_pool AS pool,
    sum(x_net_effective_cost) AS net_cost,
    sum(BilledCost) AS billed_cost
FROM core.daily_cost
WHERE
    usage_date >= $window_start
    AND usage_date < $window_end
GROUP BY BillingCurrency, x_pool
ORDER BY currency, pool
