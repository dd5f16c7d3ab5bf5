-- Usage spend of the days from $window_start to before $window_end, per currency, at the price that is really paid.
SELECT
    BillingCurrency AS currency,
    sum(x_net_effective_cost) AS usage_cost,
    count(DISTINCT usage_date) AS days_charged
FROM core.daily_cost
WHERE
    x_pool = 'usage'
    AND usage_date >= $window_start
    AND usage_date < $window_end
GROUP BY BillingCurrency
ORDER BY currency
