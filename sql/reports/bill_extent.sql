-- First and last day that each currency's bills reach before the night.
SELECT
    BillingCurrency AS currency,
    min(usage_date) AS first_day,
    max(usage_date) AS last_day
FROM core.daily_cost
WHERE usage_date < $as_of
GROUP BY BillingCurrency
ORDER BY currency
