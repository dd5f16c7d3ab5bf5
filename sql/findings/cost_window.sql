-- The window that a provider's monthly figures were summed over.
SELECT
    min(cost.window_start) AS window_start,
    max(cost.window_end) AS window_end
FROM core.resource_costs AS cost
WHERE cost.ProviderName = $provider AND cost.BillingCurrency = $currency
HAVING max(cost.window_end) <= CAST($as_of AS DATE)
