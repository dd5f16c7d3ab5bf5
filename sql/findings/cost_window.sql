-- The window that the night $as_of summed a resource's month over: the last complete days that its bill had reached by then.
WITH bills AS (
    SELECT DISTINCT daily.x_source
    FROM core.daily_cost AS daily
    WHERE
        daily.ProviderName = $provider
        AND daily.SubAccountId IS NOT DISTINCT FROM CAST($account_id AS VARCHAR)
        AND daily.ResourceId = $resource_id
        AND daily.BillingCurrency = $currency
),

reached AS (
    SELECT least(CAST($as_of AS DATE), CAST(max(daily.usage_date) + INTERVAL 1 DAY AS DATE)) AS window_end
    FROM core.daily_cost AS daily
    INNER JOIN bills ON daily.x_source = bills.x_source
    WHERE daily.x_pool = 'usage' AND daily.usage_date < CAST($as_of AS DATE)
)

SELECT
    CAST(reached.window_end - to_days(CAST($days_per_month AS INTEGER)) AS DATE) AS window_start,
    reached.window_end
FROM reached
WHERE reached.window_end IS NOT NULL
