-- Usage spend of the window by service and by how far rules could judge it; adds up to the usage pool.
WITH spend AS (
    SELECT
        ProviderName,
        SubAccountId,
        ResourceId,
        BillingCurrency,
        ServiceName,
        sum(x_net_effective_cost) AS cost
    FROM core.daily_cost
    WHERE
        x_pool = 'usage'
        AND usage_date >= $window_start
        AND usage_date < $window_end
    GROUP BY ProviderName, SubAccountId, ResourceId, BillingCurrency, ServiceName
),

-- A resource counts as evaluated when one rule at least could judge it; else its first reason in contract order is shown.
verdicts AS (
    SELECT
        provider,
        account_id,
        resource_id,
        currency,
        CASE
            WHEN bool_or(outcome IN ('finding', 'clean')) THEN 'evaluated'
            WHEN bool_or(outcome = 'excepted') THEN 'excepted'
            ELSE coalesce(arg_min(reason, list_position($reasons, reason)), min(reason), 'unknown')
        END AS verdict
    FROM results.evaluations
    WHERE as_of = $as_of AND NOT list_contains(CAST($other_rules AS VARCHAR[]), rule_id)
    GROUP BY provider, account_id, resource_id, currency
)

SELECT
    spend.BillingCurrency AS currency,
    spend.ServiceName AS service,
    CASE WHEN spend.ResourceId IS NULL THEN 'no_resource' ELSE coalesce(verdicts.verdict, 'no_rule') END AS verdict,
    count(DISTINCT spend.ResourceId) AS resource_count,
    sum(spend.cost) AS cost
FROM spend
LEFT JOIN verdicts
    ON
        spend.ProviderName = verdicts.provider
        AND spend.SubAccountId IS NOT DISTINCT FROM verdicts.account_id
        AND spend.ResourceId = verdicts.resource_id
        AND spend.BillingCurrency = verdicts.currency
GROUP BY ALL
ORDER BY currency, service, verdict
