-- Every month of every bill as invoiced, amortised, net amortised and at list price, and its usage whatever invoice that is on.
WITH amounts AS (
    SELECT
        BillingCurrency,
        x_source,
        billing_month,
        BilledCost,
        EffectiveCost,
        x_net_effective_cost,
        ListCost,
        0 AS usage_month_cost
    FROM core.month_views
    UNION ALL
    SELECT
        BillingCurrency,
        x_source,
        usage_month AS billing_month,
        0 AS BilledCost,
        0 AS EffectiveCost,
        0 AS x_net_effective_cost,
        0 AS ListCost,
        BilledCost AS usage_month_cost
    FROM core.month_views
)

SELECT
    BillingCurrency AS currency,
    x_source AS source,
    billing_month,
    sum(BilledCost) AS billed,
    sum(EffectiveCost) AS effective,
    sum(x_net_effective_cost) AS net_effective,
    sum(ListCost) AS list_cost,
    sum(usage_month_cost) AS usage_month_cost
FROM amounts
GROUP BY BillingCurrency, x_source, billing_month
ORDER BY currency, source, billing_month
