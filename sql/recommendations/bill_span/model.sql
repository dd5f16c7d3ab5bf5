-- How far the hourly usage of each bill reaches, and in how many of its hours there is any usage: a daily export has one hour a day.
SELECT
    BillingAccountId,
    BillingCurrency,
    min(usage_hour) AS first_hour,
    max(usage_hour) AS last_hour,
    count(DISTINCT usage_hour) AS hours_with_usage
FROM core.hourly_usage
WHERE
    ProviderName = $provider
    AND usage_hour < $as_of
GROUP BY BillingAccountId, BillingCurrency
ORDER BY BillingAccountId, BillingCurrency
