-- What on-demand machines cost over the window of the monthly figures: the usage that a freed commitment could cover instead.
WITH windows AS (
    SELECT
        cost.ProviderName,
        cost.BillingCurrency,
        min(cost.window_start) AS window_start,
        max(cost.window_end) AS window_end
    FROM core.resource_costs AS cost
    GROUP BY cost.ProviderName, cost.BillingCurrency
)

SELECT
    daily.ProviderName AS provider,
    daily.BillingCurrency AS currency,
    -- SageMaker machines have Savings Plans of their own.
    CASE WHEN daily.ResourceType = 'virtual_machine' THEN 'compute' ELSE 'machine_learning' END AS commitment_scope,
    CAST(sum(daily.x_net_effective_cost) AS DECIMAL(38, 12)) AS on_demand_cost
FROM core.daily_cost AS daily
INNER JOIN windows
    ON
        daily.ProviderName = windows.ProviderName
        AND daily.BillingCurrency = windows.BillingCurrency
        AND daily.usage_date >= windows.window_start
        AND daily.usage_date < windows.window_end
WHERE
    daily.x_pool = 'usage'
    AND daily.PricingCategory = 'Standard'
    AND daily.x_instance_type IS NOT NULL
    AND daily.ResourceType IN ('virtual_machine', 'inference_endpoint', 'notebook', 'training_job')
GROUP BY
    daily.ProviderName,
    daily.BillingCurrency,
    CASE WHEN daily.ResourceType = 'virtual_machine' THEN 'compute' ELSE 'machine_learning' END
