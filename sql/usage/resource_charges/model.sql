-- What each resource is charged for, by kind of usage, over the same days as its monthly cost in core.resource_costs: the last 30 complete
-- days of each bill before $as_of. A charge without a usage type goes by its charge type. Resources without a charge then are gone.
WITH bill_windows AS (
    SELECT
        daily.x_source,
        least($as_of, CAST(max(daily.usage_date) + INTERVAL '1' DAY AS DATE)) AS window_end
    FROM core.daily_cost AS daily
    WHERE daily.usage_date < $as_of AND daily.x_pool = 'usage'
    GROUP BY daily.x_source
)

SELECT
    daily.ProviderName AS provider,
    daily.SubAccountId AS account_id,
    daily.RegionId AS region,
    daily.ResourceId AS resource_id,
    daily.ServiceName AS service,
    coalesce(daily.x_usage_type, daily.x_charge_type) AS usage_type,
    daily.x_operation AS operation,
    daily.PricingCategory AS pricing_category,
    daily.PricingUnit AS unit,
    daily.BillingCurrency AS currency,
    sum(daily.consumed_quantity) AS monthly_quantity,
    sum(daily.ListCost) AS monthly_list_cost,
    sum(daily.x_net_effective_cost) AS monthly_cost
FROM core.daily_cost AS daily
INNER JOIN bill_windows ON daily.x_source = bill_windows.x_source
WHERE
    daily.x_pool = 'usage'
    AND daily.ResourceId IS NOT NULL
    AND daily.usage_date >= CAST(bill_windows.window_end - INTERVAL '30' DAY AS DATE)
    AND daily.usage_date < bill_windows.window_end
GROUP BY
    daily.ProviderName,
    daily.SubAccountId,
    daily.RegionId,
    daily.ResourceId,
    daily.ServiceName,
    coalesce(daily.x_usage_type, daily.x_charge_type),
    daily.x_operation,
    daily.PricingCategory,
    daily.PricingUnit,
    daily.BillingCurrency
