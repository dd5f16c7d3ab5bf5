-- Dimensions of the night $as_of whose allocated cost is not the net effective cost of the bills in the same period, to the last decimal.
WITH bill_windows AS (
    SELECT
        x_source,
        least($as_of, CAST(max(usage_date) + INTERVAL 1 DAY AS DATE)) AS window_end
    FROM core.daily_cost
    WHERE usage_date < $as_of AND x_pool = 'usage'
    GROUP BY x_source
),

billed AS (
    SELECT
        'last_30_days' AS period,
        daily.BillingCurrency AS currency,
        sum(daily.x_net_effective_cost) AS cost
    FROM core.daily_cost AS daily
    INNER JOIN bill_windows ON daily.x_source = bill_windows.x_source
    WHERE daily.usage_date < bill_windows.window_end AND daily.usage_date >= bill_windows.window_end - INTERVAL 30 DAY
    GROUP BY daily.BillingCurrency
    UNION ALL
    SELECT
        'billing_month' AS period,
        BillingCurrency AS currency,
        sum(x_net_effective_cost) AS cost
    FROM core.daily_cost
    WHERE BillingPeriodStart = date_trunc('month', $as_of) - INTERVAL 1 MONTH
    GROUP BY BillingCurrency
),

allocated AS (
    SELECT
        period,
        dimension,
        currency,
        sum(cost) AS cost
    FROM results.allocated_costs
    WHERE as_of = $as_of
    GROUP BY period, dimension, currency
),

expected AS (
    SELECT
        billed.period,
        dimensions.dimension,
        billed.currency,
        billed.cost
    FROM billed
    CROSS JOIN (VALUES ('team'), ('project'), ('environment'), ('owner'), ('cost_center')) AS dimensions (dimension)
)

SELECT
    coalesce(expected.period, allocated.period) AS allocated_period,
    coalesce(expected.dimension, allocated.dimension) AS dimension,
    coalesce(expected.currency, allocated.currency) AS currency,
    expected.cost AS billed_cost,
    allocated.cost AS allocated_cost
FROM expected
FULL OUTER JOIN allocated
    ON
        expected.period = allocated.period
        AND expected.dimension = allocated.dimension
        AND expected.currency = allocated.currency
WHERE coalesce(expected.cost, 0) <> coalesce(allocated.cost, 0)
ORDER BY allocated_period, dimension, currency
