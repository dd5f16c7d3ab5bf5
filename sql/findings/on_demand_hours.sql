-- What on-demand machines cost hour by hour: the usage that a freed commitment could cover instead.
SELECT
    hourly.ProviderName AS provider,
    hourly.BillingAccountId AS payer,
    hourly.BillingCurrency AS currency,
    -- SageMaker machines have Savings Plans of their own.
    CASE WHEN hourly.ServiceName = 'AmazonSageMaker' THEN 'machine_learning' ELSE 'compute' END AS commitment_scope,
    hourly.usage_hour,
    CAST(sum(hourly.x_net_effective_cost) AS DECIMAL(38, 12)) AS cost
FROM core.hourly_usage AS hourly
WHERE
    hourly.x_pool = 'usage'
    AND hourly.PricingCategory = 'Standard'
    AND hourly.usage_hour >= CAST($window_start AS TIMESTAMP)
    AND hourly.usage_hour < CAST($window_end AS TIMESTAMP)
GROUP BY ALL
