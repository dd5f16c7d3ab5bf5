-- What usage cost over the window of the monthly figures, by currency: no plan can save more.
WITH windows AS (
    SELECT
        cost.ProviderName,
        cost.BillingCurrency,
        min(cost.window_start) AS window_start,
        max(cost.window_end) AS window_end
    FROM core.resource_costs AS cost
    GROUP BY cost.ProviderName, cost.BillingCurrency
)

SELECT
    daily.BillingCurrency AS currency,
    CAST(sum(daily.x_net_effective_cost) AS DECIMAL(38, 12)) AS usage_cost
FROM core.daily_cost AS daily
LEFT JOIN windows ON daily.ProviderName = windows.ProviderName AND daily.BillingCurrency = windows.BillingCurrency
WHERE
    daily.x_pool = 'usage'
    AND daily.usage_date >= coalesce(windows.window_start, CAST($as_of AS DATE) - CAST($days_per_month AS INTEGER))
    AND daily.usage_date < coalesce(windows.window_end, CAST($as_of AS DATE))
GROUP BY daily.BillingCurrency
