-- What usage cost over the window of the monthly figures, by currency: no plan can save more. Fees that GCP bills apart from the usage
-- that they covered belong to it, as they do in core.resource_costs.
WITH windows AS (
    SELECT
        cost.ProviderName,
        cost.BillingCurrency,
        min(cost.window_start) AS window_start,
        max(cost.window_end) AS window_end
    FROM core.resource_costs AS cost
    GROUP BY cost.ProviderName, cost.BillingCurrency
)
,

costs AS (
    SELECT
        daily.ProviderName,
        daily.BillingCurrency,
        daily.usage_date,
        daily.x_net_effective_cost AS cost
    FROM core.daily_cost AS daily
    WHERE daily.x_pool = 'usage'
    UNION ALL
    SELECT
        'GCP' AS ProviderName,
        attribution.BillingCurrency,
        attribution.usage_date,
        attribution.attributed_cost AS cost
    FROM core.commitment_attribution AS attribution
    WHERE attribution.CommitmentDiscountStatus = 'Used'
)

SELECT
    costs.BillingCurrency AS currency,
    CAST(sum(costs.cost) AS DECIMAL(38, 12)) AS usage_cost
FROM costs
LEFT JOIN windows ON costs.ProviderName = windows.ProviderName AND costs.BillingCurrency = windows.BillingCurrency
WHERE
    costs.usage_date >= coalesce(windows.window_start, CAST($as_of AS DATE) - CAST($days_per_month AS INTEGER))
    AND costs.usage_date < coalesce(windows.window_end, CAST($as_of AS DATE))
GROUP BY costs.BillingCurrency
