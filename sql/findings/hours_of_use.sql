-- In which hours machines were used: list cost per account, region, kind of usage, pricing category and hour. By it, the daily cost of a
-- machine is spread over the hours of the day.
SELECT
    hourly.ProviderName AS provider,
    hourly.SubAccountId AS account_id,
    hourly.BillingCurrency AS currency,
    hourly.BillingAccountId AS billing_account_id,
    hourly.RegionId AS region,
    hourly.x_usage_type AS usage_type,
    hourly.PricingCategory AS pricing_category,
    CAST(hourly.usage_hour AS DATE) AS usage_date,
    CAST(date_part('hour', hourly.usage_hour) AS INTEGER) AS hour_of_day,
    CAST(sum(hourly.ListCost) AS DOUBLE) AS weight
FROM core.hourly_usage AS hourly
WHERE
    hourly.x_pool = 'usage'
    AND hourly.PricingCategory IN ('Standard', 'Committed')
    AND hourly.usage_hour >= CAST($window_start AS TIMESTAMP)
    AND hourly.usage_hour < CAST($window_end AS TIMESTAMP)
GROUP BY ALL
HAVING sum(hourly.ListCost) > 0
