-- Usage cost of every account and service over the last 30 complete days of each bill before $as_of, and the part of it that carries no
-- value, for each allocation dimension. Instances that containers ran on have passed their cost to them.
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
        SubAccountId,
        SubAccountName,
        ServiceName,
        BillingCurrency,
        usage_date,
        x_team,
        x_project,
        x_environment,
        x_owner,
        x_cost_center,
        x_net_effective_cost AS cost
    FROM core.daily_cost
    WHERE x_pool = 'usage'
    UNION ALL
    SELECT
        x_source,
        'AWS' AS ProviderName,
        SubAccountId,
        SubAccountName,
        ServiceName,
        BillingCurrency,
        usage_date,
        x_team,
        x_project,
        x_environment,
        x_owner,
        x_cost_center,
        cost
    FROM core.container_costs
),

owned AS (
    SELECT
        charges.*,
        dimensions.dimension,
        CASE dimensions.dimension
            WHEN 'team' THEN charges.x_team
            WHEN 'project' THEN charges.x_project
            WHEN 'environment' THEN charges.x_environment
            WHEN 'owner' THEN charges.x_owner
            WHEN 'cost_center' THEN charges.x_cost_center
        END AS value
    FROM charges
    INNER JOIN bill_windows ON charges.x_source = bill_windows.x_source
    CROSS JOIN (VALUES ('team'), ('project'), ('environment'), ('owner'), ('cost_center')) AS dimensions (dimension)
    WHERE charges.usage_date < bill_windows.window_end AND charges.usage_date >= bill_windows.window_end - INTERVAL 30 DAY
)

SELECT
    CAST($as_of AS DATE) AS as_of,
    dimension,
    ProviderName AS provider,
    SubAccountId AS account_id,
    max(SubAccountName) AS account_name,
    ServiceName AS service,
    BillingCurrency AS currency,
    sum(cost) AS usage_cost,
    sum(CASE WHEN value IS NULL THEN cost ELSE 0 END) AS untagged_cost
FROM owned
GROUP BY dimension, ProviderName, SubAccountId, ServiceName, BillingCurrency
