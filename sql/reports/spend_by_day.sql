-- Usage spend by day and service.
SELECT
    BillingCurrency AS currency,
    usage_date,
    ServiceName AS service,
    sum(x_net_effective_cost) AS cost
FROM core.daily_cost
WHERE
    x_pool = 'usage'
    AND usage_date >= $window_start
    AND usage_date < $window_end
GROUP BY BillingCurrency, usage_date, ServiceName
ORDER BY currency, usage_date, service
