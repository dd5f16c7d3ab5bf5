-- What each resource costs a month: its usage charges over the last 30 complete days of its bill before $as_of, not scaled.
-- Resources without a charge in those days are gone and left out.
WITH bill_windows AS (
    SELECT
        x_source,
        least($as_of, CAST(max(usage_date) + INTERVAL '1' DAY AS DATE)) AS window_end
    FROM core.daily_cost
    -- Fees and taxes are dated the first or the last of a month, whatever day the usage has reached.
    WHERE usage_date < $as_of AND x_pool = 'usage'
    GROUP BY x_source
),

charges AS (
    SELECT
        daily.*,
        bill_windows.window_end,
        CAST(bill_windows.window_end - INTERVAL '30' DAY AS DATE) AS window_start,
        daily.usage_date >= CAST(bill_windows.window_end - INTERVAL '30' DAY AS DATE) AS is_counted,
        sum(daily.x_net_effective_cost) OVER (
            PARTITION BY daily.ProviderName, daily.SubAccountId, daily.ResourceId, daily.BillingCurrency, daily.ServiceName
        ) AS service_cost,
        sum(daily.x_net_effective_cost) OVER (
            PARTITION BY daily.ProviderName, daily.SubAccountId, daily.ResourceId, daily.BillingCurrency, daily.x_instance_type
        ) AS instance_type_cost
    FROM core.daily_cost AS daily
    INNER JOIN bill_windows ON daily.x_source = bill_windows.x_source
    WHERE daily.x_pool = 'usage' AND daily.ResourceId IS NOT NULL AND daily.usage_date < bill_windows.window_end
),

resources AS (
    SELECT
        ProviderName,
        SubAccountId,
        -- A day in front of the value makes the latest one win, and the same one each night where a day has several.
        substr(max(concat(CAST(usage_date AS VARCHAR), SubAccountName)), 11) AS SubAccountName,
        substr(max(concat(CAST(usage_date AS VARCHAR), RegionId)), 11) AS RegionId,
        max_by(ServiceName, struct_pack(cost := service_cost, name := ServiceName)) AS ServiceName,
        ResourceId,
        substr(max(concat(CAST(usage_date AS VARCHAR), ResourceType)), 11) AS ResourceType,
        max_by(x_instance_type, struct_pack(cost := instance_type_cost, name := x_instance_type)) AS x_instance_type,
        BillingCurrency,
        min(window_start) AS window_start,
        max(window_end) AS window_end,
        min(usage_date) AS first_charged_on,
        max(usage_date) AS last_charged_on,
        sum(CASE WHEN is_counted THEN ListCost ELSE 0 END) AS monthly_list_cost,
        sum(CASE WHEN is_counted THEN x_net_effective_cost ELSE 0 END) AS monthly_cost,
        sum(CASE WHEN is_counted AND PricingCategory = 'Committed' THEN x_net_effective_cost ELSE 0 END) AS monthly_committed_cost,
        substr(max(concat(CAST(usage_date AS VARCHAR), x_team)), 11) AS x_team,
        substr(max(concat(CAST(usage_date AS VARCHAR), x_project)), 11) AS x_project,
        substr(max(concat(CAST(usage_date AS VARCHAR), x_environment)), 11) AS x_environment,
        substr(max(concat(CAST(usage_date AS VARCHAR), x_owner)), 11) AS x_owner,
        substr(max(concat(CAST(usage_date AS VARCHAR), x_cost_center)), 11) AS x_cost_center
    FROM charges
    GROUP BY ProviderName, SubAccountId, ResourceId, BillingCurrency
    HAVING max(usage_date) >= min(window_start)
),

instances AS (
    SELECT
        instance_charges.ProviderName,
        instance_charges.SubAccountId,
        instance_charges.ResourceId,
        instance_charges.BillingCurrency,
        sum(instance_charges.x_net_effective_cost) AS monthly_instance_cost,
        sum(instance_charges.ListCost) AS monthly_instance_list_cost,
        CASE WHEN count(*) = count(instance_charges.instance_hours) THEN sum(instance_charges.instance_hours) END AS monthly_instance_hours
    FROM core.instance_charges AS instance_charges
    INNER JOIN bill_windows ON instance_charges.x_source = bill_windows.x_source
    WHERE
        instance_charges.ResourceId IS NOT NULL
        AND instance_charges.usage_date < bill_windows.window_end
        AND instance_charges.usage_date >= CAST(bill_windows.window_end - INTERVAL '30' DAY AS DATE)
    GROUP BY
        instance_charges.ProviderName, instance_charges.SubAccountId, instance_charges.ResourceId, instance_charges.BillingCurrency
),

-- Google bills the fee of some commitments apart from the usage that they cover, which its credit leaves almost free of charge.
attributed AS (
    SELECT
        attribution.SubAccountId,
        attribution.ResourceId,
        attribution.BillingCurrency,
        sum(attribution.attributed_cost) AS monthly_cost,
        sum(
            CASE
                WHEN
                    attribution.x_usage_type LIKE '%Instance Core%'
                    OR attribution.x_usage_type LIKE '%Instance Ram%'
                    OR attribution.x_usage_type LIKE '%GPU%'
                    OR upper(attribution.x_usage_type) LIKE '%NVIDIA%'
                    THEN attribution.attributed_cost
                ELSE 0
            END
        ) AS monthly_instance_cost
    FROM core.commitment_attribution AS attribution
    INNER JOIN bill_windows ON attribution.x_source = bill_windows.x_source
    WHERE
        attribution.ResourceId IS NOT NULL
        AND attribution.CommitmentDiscountStatus = 'Used'
        AND attribution.usage_date < bill_windows.window_end
        AND attribution.usage_date >= CAST(bill_windows.window_end - INTERVAL '30' DAY AS DATE)
    GROUP BY attribution.SubAccountId, attribution.ResourceId, attribution.BillingCurrency
)

SELECT
    resources.ProviderName,
    resources.SubAccountId,
    nullif(resources.SubAccountName, '') AS SubAccountName,
    nullif(resources.RegionId, '') AS RegionId,
    resources.ServiceName,
    resources.ResourceId,
    nullif(resources.ResourceType, '') AS ResourceType,
    resources.x_instance_type,
    resources.BillingCurrency,
    resources.window_start,
    resources.window_end,
    resources.first_charged_on,
    resources.last_charged_on,
    resources.monthly_list_cost,
    resources.monthly_cost + coalesce(attributed.monthly_cost, 0) AS monthly_cost,
    resources.monthly_committed_cost + coalesce(attributed.monthly_cost, 0) AS monthly_committed_cost,
    coalesce(instances.monthly_instance_cost, 0) + coalesce(attributed.monthly_instance_cost, 0) AS monthly_instance_cost,
    coalesce(instances.monthly_instance_list_cost, 0) AS monthly_instance_list_cost,
    instances.monthly_instance_hours,
    nullif(resources.x_team, '') AS x_team,
    nullif(resources.x_project, '') AS x_project,
    nullif(resources.x_environment, '') AS x_environment,
    nullif(resources.x_owner, '') AS x_owner,
    nullif(resources.x_cost_center, '') AS x_cost_center
FROM resources
LEFT JOIN instances
    ON
        resources.ProviderName = instances.ProviderName
        AND resources.SubAccountId IS NOT DISTINCT FROM instances.SubAccountId
        AND resources.ResourceId = instances.ResourceId
        AND resources.BillingCurrency = instances.BillingCurrency
LEFT JOIN attributed
    ON
        resources.ProviderName = 'GCP'
        AND resources.SubAccountId IS NOT DISTINCT FROM attributed.SubAccountId
        AND resources.ResourceId = attributed.ResourceId
        AND resources.BillingCurrency = attributed.BillingCurrency
