-- What each bucket costs a month by the bill: in all, and for stored bytes alone, both over the 30 days of core.resource_costs.
WITH storage AS (
    SELECT
        daily.ResourceId,
        daily.BillingCurrency,
        sum(daily.x_net_effective_cost) AS monthly_storage_cost
    FROM core.daily_cost AS daily
    INNER JOIN core.resource_costs AS cost
        ON
            daily.ProviderName = cost.ProviderName
            AND daily.SubAccountId IS NOT DISTINCT FROM cost.SubAccountId
            AND daily.ResourceId = cost.ResourceId
            AND daily.BillingCurrency = cost.BillingCurrency
            AND daily.usage_date >= cost.window_start
            AND daily.usage_date < cost.window_end
    WHERE
        daily.ProviderName = 'AWS'
        AND daily.x_pool = 'usage'
        -- File systems and log groups have usage types of the same name.
        AND daily.ServiceName = 'AmazonS3'
        AND daily.x_usage_type LIKE 'TimedStorage-%'
    GROUP BY daily.ResourceId, daily.BillingCurrency
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
