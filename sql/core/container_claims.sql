-- Instances that containers ran on, day by day since the windows that costs are allocated over begin: what the instance itself cost, under
-- whose name (role instance), and what containers used (container) and left unused (idle) of it, under theirs.
WITH bill_starts AS (
    SELECT
        x_source,
        least(
            CAST(date_trunc('month', $as_of) - INTERVAL 1 MONTH AS DATE),
            CAST(least($as_of, CAST(max(usage_date) + INTERVAL 1 DAY AS DATE)) - INTERVAL 30 DAY AS DATE)
        ) AS day_from
    FROM core.daily_cost
    WHERE usage_date < $as_of AND x_pool = 'usage'
    GROUP BY x_source
),

claims AS (
    SELECT split_costs.*
    FROM core.split_costs
    INNER JOIN bill_starts ON split_costs.x_source = bill_starts.x_source
    WHERE split_costs.parent_resource_id IS NOT NULL AND split_costs.usage_date >= bill_starts.day_from
),

instance_days AS (
    SELECT DISTINCT
        x_source,
        BillingAccountId,
        SubAccountId,
        BillingCurrency,
        usage_date,
        parent_resource_id
    FROM claims
),

instances AS (
    SELECT
        daily.x_source,
        daily.BillingAccountId,
        daily.SubAccountId,
        daily.SubAccountName,
        daily.BillingCurrency,
        daily.BillingPeriodStart,
        daily.usage_date,
        daily.ResourceId AS parent_resource_id,
        'instance' AS role,
        daily.ServiceName,
        daily.x_usage_type,
        daily.x_team,
        daily.x_project,
        daily.x_environment,
        daily.x_owner,
        daily.x_cost_center,
        sum(daily.x_net_effective_cost) AS cost,
        sum(CASE WHEN daily.PricingCategory = 'Committed' THEN daily.ContractedCost ELSE 0 END) AS committed_cost
    FROM core.daily_cost AS daily
    INNER JOIN instance_days
        ON
            daily.x_source = instance_days.x_source
            AND daily.BillingAccountId = instance_days.BillingAccountId
            AND daily.SubAccountId = instance_days.SubAccountId
            AND daily.BillingCurrency = instance_days.BillingCurrency
            AND daily.usage_date = instance_days.usage_date
            AND daily.ResourceId = instance_days.parent_resource_id
    -- Volumes and traffic of the instance are not what its containers share.
    WHERE daily.x_pool = 'usage' AND daily.x_instance_type IS NOT NULL
    GROUP BY ALL
),

containers AS (
    SELECT
        claims.x_source,
        claims.BillingAccountId,
        claims.SubAccountId,
        claims.SubAccountName,
        claims.BillingCurrency,
        claims.BillingPeriodStart,
        claims.usage_date,
        claims.parent_resource_id,
        roles.role,
        CAST(NULL AS VARCHAR) AS ServiceName,
        CAST(NULL AS VARCHAR) AS x_usage_type,
        claims.x_team,
        claims.x_project,
        claims.x_environment,
        claims.x_owner,
        claims.x_cost_center,
        sum(CASE roles.role WHEN 'container' THEN claims.net_split_cost ELSE claims.net_unused_cost END) AS cost,
        CAST(0 AS DECIMAL(38, 12)) AS committed_cost
    FROM claims
    CROSS JOIN (VALUES ('container'), ('idle')) AS roles (role)
    GROUP BY ALL
)

SELECT * FROM instances
UNION ALL
SELECT * FROM containers
ORDER BY ALL
