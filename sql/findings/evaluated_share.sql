-- How much of the usage spend is on resources that at least one rule could judge, by service.
WITH windows AS (
    SELECT
        cost.ProviderName,
        cost.BillingCurrency,
        min(cost.window_start) AS window_start,
        max(cost.window_end) AS window_end
    FROM core.resource_costs AS cost
    GROUP BY cost.ProviderName, cost.BillingCurrency
),

judged AS (
    SELECT DISTINCT
        evaluation.provider,
        evaluation.account_id,
        evaluation.resource_id,
        evaluation.currency
    FROM results.evaluations AS evaluation
    WHERE evaluation.as_of = CAST($as_of AS DATE) AND evaluation.outcome IN ('finding', 'clean', 'excepted')
),

usage_costs AS (
    SELECT
        daily.ProviderName AS provider,
        daily.SubAccountId AS account_id,
        daily.ServiceName AS service,
        daily.ResourceId AS resource_id,
        daily.BillingCurrency AS currency,
        sum(daily.x_net_effective_cost) AS usage_cost
    FROM core.daily_cost AS daily
    LEFT JOIN windows ON daily.ProviderName = windows.ProviderName AND daily.BillingCurrency = windows.BillingCurrency
    WHERE
        daily.x_pool = 'usage'
        AND daily.usage_date >= coalesce(windows.window_start, CAST($as_of AS DATE) - CAST($days_per_month AS INTEGER))
        AND daily.usage_date < coalesce(windows.window_end, CAST($as_of AS DATE))
    GROUP BY daily.ProviderName, daily.SubAccountId, daily.ServiceName, daily.ResourceId, daily.BillingCurrency
)

SELECT
    usage_costs.currency,
    usage_costs.provider,
    usage_costs.service,
    CAST(sum(usage_costs.usage_cost) AS DECIMAL(38, 12)) AS usage_cost,
    CAST(coalesce(sum(usage_costs.usage_cost) FILTER (WHERE judged.resource_id IS NOT NULL), 0) AS DECIMAL(38, 12)) AS evaluated_cost,
    CAST(
        coalesce(sum(usage_costs.usage_cost) FILTER (WHERE judged.resource_id IS NOT NULL), 0) / nullif(sum(usage_costs.usage_cost), 0)
        AS DECIMAL(18, 12)
    ) AS evaluated_share
FROM usage_costs
LEFT JOIN judged
    ON
        usage_costs.provider = judged.provider
        AND usage_costs.account_id IS NOT DISTINCT FROM judged.account_id
        AND usage_costs.resource_id = judged.resource_id
        AND usage_costs.currency = judged.currency
GROUP BY usage_costs.currency, usage_costs.provider, usage_costs.service
ORDER BY usage_costs.currency ASC, sum(usage_costs.usage_cost) DESC, usage_costs.provider ASC, usage_costs.service ASC
