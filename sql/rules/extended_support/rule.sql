-- Databases, clusters and other resources that pay extra because their version is past its standard support.
WITH extended_charges AS (
    SELECT
        daily.ProviderName AS provider,
        daily.SubAccountId AS account_id,
        daily.ResourceId AS resource_id,
        daily.BillingCurrency AS currency,
        sum(daily.x_net_effective_cost) AS extended_cost,
        max(daily.usage_date) AS last_charged_on,
        any_value(costs.window_end) AS window_end,
        string_agg(DISTINCT daily.x_usage_type, ', ' ORDER BY daily.x_usage_type ASC) AS usage_types
    FROM core.daily_cost AS daily
    INNER JOIN core.resource_costs AS costs
        ON
            daily.ProviderName = costs.ProviderName
            AND daily.SubAccountId = costs.SubAccountId
            AND daily.ResourceId = costs.ResourceId
            AND daily.BillingCurrency = costs.BillingCurrency
            AND daily.usage_date >= costs.window_start
            AND daily.usage_date < costs.window_end
    WHERE
        daily.x_pool = 'usage'
        -- RDS and ElastiCache: ExtendedSupport:Yr1-Yr2:..., EKS: AmazonEKS-Hours:extendedSupport; Cloud SQL and GKE say it in words.
        AND regexp_matches(lower(daily.x_usage_type), 'extended[ -]?(support|period)')
    GROUP BY daily.ProviderName, daily.SubAccountId, daily.ResourceId, daily.BillingCurrency
),

verdicts AS (
    SELECT
        resource.*,
        extended_charges.extended_cost,
        extended_charges.last_charged_on AS extended_on,
        extended_charges.usage_types,
        CASE
            WHEN resource.is_inventoried_type AND NOT resource.is_in_inventory THEN 'gone'
            WHEN resource.currency IS NULL THEN 'uncharged'
            WHEN extended_charges.resource_id IS NULL THEN 'supported'
            -- An upgrade ends the charge while others go on.
            WHEN extended_charges.last_charged_on < extended_charges.window_end - CAST($charged_days AS INTEGER) THEN 'upgraded'
            WHEN extended_charges.extended_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM usage.resources AS resource
    LEFT JOIN extended_charges
        ON
            resource.provider = extended_charges.provider
            AND resource.account_id = extended_charges.account_id
            AND resource.resource_id = extended_charges.resource_id
            AND resource.currency = extended_charges.currency
    WHERE resource.resource_type = 'database' OR extended_charges.resource_id IS NOT NULL
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    'high' AS confidence,
    'The bill itself charges extended support' AS confidence_reason,
    CASE
        WHEN verdicts.verdict = 'finding'
            THEN CAST(greatest(0, 1 - verdicts.extended_cost / nullif(verdicts.monthly_cost, 0)) AS DECIMAL(18, 12))
    END AS remaining_cost_share,
    {
        'charged_for': verdicts.usage_types,
        'extended_support_cost': verdicts.extended_cost,
        'last_charged_on': verdicts.extended_on,
        'engine': verdicts.attributes['engine'],
        'engine_version': verdicts.attributes['engine_version'],
        'resource_type': verdicts.resource_type
    } AS evidence
FROM verdicts
