-- What every value of every allocation dimension owns, and the pools of shared cost, over the last 30 complete days of each bill before
-- $as_of and over the last complete billing month. Instances that containers ran on have passed their cost to them.
WITH bill_windows AS (
    SELECT
        x_source,
        least($as_of, CAST(max(usage_date) + INTERVAL 1 DAY AS DATE)) AS window_end
    FROM core.daily_cost
    WHERE usage_date < $as_of AND x_pool = 'usage'
    GROUP BY x_source
),

charges AS (
    SELECT
        x_source,
        ProviderName,
        BillingAccountId,
        BillingCurrency,
        BillingPeriodStart,
        usage_date,
        ServiceName,
        x_usage_type,
        x_pool,
        FALSE AS is_idle,
        x_team,
        x_project,
        x_environment,
        x_owner,
        x_cost_center,
        x_net_effective_cost AS cost,
        CASE WHEN x_pool = 'usage' AND PricingCategory = 'Committed' THEN ContractedCost ELSE 0 END AS committed_cost
    FROM core.daily_cost
    UNION ALL
    SELECT
        x_source,
        'AWS' AS ProviderName,
        BillingAccountId,
        BillingCurrency,
        BillingPeriodStart,
        usage_date,
        ServiceName,
        x_usage_type,
        'usage' AS x_pool,
        role = 'idle' AS is_idle,
        x_team,
        x_project,
        x_environment,
        x_owner,
        x_cost_center,
        cost,
        committed_cost
    FROM core.container_costs
),

windowed AS (
    SELECT
        charges.*,
        'last_30_days' AS period,
        CAST(bill_windows.window_end - INTERVAL 30 DAY AS DATE) AS window_start,
        bill_windows.window_end
    FROM charges
    INNER JOIN bill_windows ON charges.x_source = bill_windows.x_source
    WHERE charges.usage_date < bill_windows.window_end AND charges.usage_date >= bill_windows.window_end - INTERVAL 30 DAY
    UNION ALL
    SELECT
        charges.*,
        'billing_month' AS period,
        CAST(date_trunc('month', $as_of) - INTERVAL 1 MONTH AS DATE) AS window_start,
        CAST(date_trunc('month', $as_of) AS DATE) AS window_end
    FROM charges
    WHERE charges.BillingPeriodStart = date_trunc('month', $as_of) - INTERVAL 1 MONTH
),

kinds AS (
    SELECT DISTINCT
        x_pool,
        ServiceName,
        x_usage_type,
        is_idle
    FROM windowed
),

shared_kinds AS (
    SELECT
        kinds.x_pool,
        kinds.ServiceName,
        kinds.x_usage_type,
        kinds.is_idle,
        min(shared.position) AS position
    FROM kinds
    INNER JOIN meta.shared_costs AS shared
        ON
            kinds.x_pool = shared.pool
            OR (kinds.is_idle AND shared.is_idle_cluster)
            OR (
                kinds.x_pool = 'usage'
                AND NOT kinds.is_idle
                AND kinds.ServiceName = shared.service
                AND (shared.usage_type IS NULL OR starts_with(kinds.x_usage_type, shared.usage_type))
            )
    GROUP BY kinds.x_pool, kinds.ServiceName, kinds.x_usage_type, kinds.is_idle
),

grouped AS (
    SELECT
        charges.period,
        min(charges.window_start) AS window_start,
        max(charges.window_end) AS window_end,
        charges.ProviderName,
        charges.BillingAccountId,
        charges.BillingCurrency,
        CASE WHEN charges.is_idle THEN 'idle_cluster' ELSE charges.x_pool END AS pool,
        shared_kinds.position,
        charges.x_team,
        charges.x_project,
        charges.x_environment,
        charges.x_owner,
        charges.x_cost_center,
        sum(charges.cost) AS cost,
        sum(charges.committed_cost) AS committed_cost
    FROM windowed AS charges
    LEFT JOIN shared_kinds
        ON
            charges.x_pool = shared_kinds.x_pool
            AND charges.ServiceName = shared_kinds.ServiceName
            AND charges.x_usage_type IS NOT DISTINCT FROM shared_kinds.x_usage_type
            AND charges.is_idle = shared_kinds.is_idle
    GROUP BY
        charges.period,
        charges.ProviderName,
        charges.BillingAccountId,
        charges.BillingCurrency,
        charges.is_idle,
        charges.x_pool,
        shared_kinds.position,
        charges.x_team,
        charges.x_project,
        charges.x_environment,
        charges.x_owner,
        charges.x_cost_center
),

owned AS (
    SELECT
        grouped.*,
        dimensions.dimension,
        CASE dimensions.dimension
            WHEN 'team' THEN grouped.x_team
            WHEN 'project' THEN grouped.x_project
            WHEN 'environment' THEN grouped.x_environment
            WHEN 'owner' THEN grouped.x_owner
            WHEN 'cost_center' THEN grouped.x_cost_center
        END AS value
    FROM grouped
    CROSS JOIN (VALUES ('team'), ('project'), ('environment'), ('owner'), ('cost_center')) AS dimensions (dimension)
)

SELECT
    period,
    min(window_start) AS window_start,
    max(window_end) AS window_end,
    dimension,
    ProviderName AS provider,
    BillingAccountId AS billing_account_id,
    BillingCurrency AS currency,
    pool,
    position,
    value,
    sum(cost) AS cost,
    sum(committed_cost) AS committed_cost
FROM owned
GROUP BY period, dimension, ProviderName, BillingAccountId, BillingCurrency, pool, position, value
ORDER BY period, dimension, provider, billing_account_id, currency, pool, position, value
