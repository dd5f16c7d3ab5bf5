-- Usage spend of the last 30 days of the bill by service and by how far rules could judge it in the night $as_of; adds up to the usage
-- pool. Of rules only those count that judge whether a resource is used well: $other_rules do not.
WITH months AS (
    SELECT coalesce(max(cost.window_end), CAST($as_of AS DATE)) AS month_end
    FROM core.resource_costs AS cost
    WHERE cost.window_end <= CAST($as_of AS DATE)
),

spend AS (
    SELECT
        daily.ProviderName,
        daily.SubAccountId,
        daily.ResourceId,
        daily.BillingCurrency,
        daily.ServiceName,
        sum(daily.x_net_effective_cost) AS cost
    FROM core.daily_cost AS daily
    CROSS JOIN months
    WHERE
        daily.x_pool = 'usage'
        AND daily.usage_date >= months.month_end - CAST($days_per_month AS INTEGER)
        AND daily.usage_date < months.month_end
    GROUP BY daily.ProviderName, daily.SubAccountId, daily.ResourceId, daily.BillingCurrency, daily.ServiceName
),

-- A resource counts as evaluated when one rule at least could judge it; else its first reason in contract order is shown.
verdicts AS (
    SELECT
        evaluation.provider,
        evaluation.account_id,
        evaluation.resource_id,
        evaluation.currency,
        CASE
            WHEN bool_or(evaluation.outcome IN ('finding', 'clean')) THEN 'evaluated'
            WHEN bool_or(evaluation.outcome = 'excepted') THEN 'excepted'
            ELSE coalesce(arg_min(evaluation.reason, list_position($reasons, evaluation.reason)), min(evaluation.reason), 'unknown')
        END AS verdict
    FROM results.evaluations AS evaluation
    WHERE evaluation.as_of = CAST($as_of AS DATE) AND NOT list_contains(CAST($other_rules AS VARCHAR[]), evaluation.rule_id)
    GROUP BY evaluation.provider, evaluation.account_id, evaluation.resource_id, evaluation.currency
)

SELECT
    CAST($as_of AS DATE) AS as_of,
    spend.ProviderName AS provider,
    spend.ServiceName AS service,
    spend.BillingCurrency AS currency,
    CASE WHEN spend.ResourceId IS NULL THEN 'no_resource' ELSE coalesce(verdicts.verdict, 'no_rule') END AS verdict,
    count(DISTINCT spend.ResourceId) AS resource_count,
    CAST(sum(spend.cost) AS DECIMAL(38, 12)) AS cost
FROM spend
LEFT JOIN verdicts
    ON
        spend.ProviderName = verdicts.provider
        AND spend.SubAccountId IS NOT DISTINCT FROM verdicts.account_id
        AND spend.ResourceId = verdicts.resource_id
        AND spend.BillingCurrency = verdicts.currency
GROUP BY ALL
