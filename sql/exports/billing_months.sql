-- Billing months that the published bills have, each with its loads' periods and its providers.
SELECT
    strftime(BillingPeriodStart, '%Y-%m') AS billing_month,
    list_sort(list_distinct(list(x_period))) AS load_periods,
    list_sort(list_distinct(list(ProviderName))) AS providers
FROM core.daily_cost
GROUP BY billing_month
ORDER BY billing_month
