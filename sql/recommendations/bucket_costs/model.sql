-- What each bucket costs a month by the bill: in all, and for stored bytes alone.
WITH storage AS (
    SELECT
        ResourceId,
        BillingCurrency,
        sum(x_net_effective_cost) AS monthly_storage_cost
    FROM core.daily_cost
    WHERE
        ProviderName = 'AWS'
        AND x_pool = 'usage'
        AND x_usage_type LIKE 'TimedStorage-%'
        AND usage_date >= $window_start
        AND usage_date < $window_end
    GROUP BY ResourceId, BillingCurrency
)

SELECT
    resources.resource_id AS bucket,
    resources.account_id,
    resources.region,
    resources.currency,
    resources.monthly_cost,
    coalesce(storage.monthly_storage_cost, 0) AS monthly_storage_cost
FROM usage.resources
LEFT JOIN storage ON resources.resource_id = storage.ResourceId AND resources.currency = storage.BillingCurrency
WHERE
    resources.provider = 'AWS'
    AND list_contains($buckets, resources.resource_id)
ORDER BY resources.resource_id, resources.currency
