-- Public addresses that the bill charges as idle and that nothing uses.
WITH idle_days AS (
    SELECT
        daily.ProviderName AS provider,
        daily.SubAccountId AS account_id,
        daily.ResourceId AS resource_id,
        count(DISTINCT daily.usage_date) AS idle_days
    FROM core.daily_cost AS daily
    WHERE
        daily.x_pool = 'usage'
        AND (daily.x_usage_type LIKE '%:IdleAddress' OR daily.x_usage_type LIKE 'Static Ip Charge%')
        AND daily.usage_date >= CAST($as_of AS DATE) - CAST($idle_days AS INTEGER)
        AND daily.usage_date < CAST($as_of AS DATE)
    GROUP BY daily.ProviderName, daily.SubAccountId, daily.ResourceId
),

addresses AS (
    SELECT
        resource.*,
        coalesce(idle_days.idle_days, 0) AS idle_days,
        replace(lower(resource.state), '-', '_') AS plain_state
    FROM usage.resources AS resource
    LEFT JOIN idle_days
        ON
            resource.provider = idle_days.provider
            AND resource.account_id = idle_days.account_id
            AND resource.resource_id = idle_days.resource_id
    WHERE resource.resource_type = 'ip_address'
),

verdicts AS (
    SELECT
        addresses.*,
        CASE
            WHEN addresses.is_inventoried_type AND NOT addresses.is_in_inventory THEN 'gone'
            WHEN addresses.attached_to IS NOT NULL OR addresses.plain_state = 'in_use' THEN 'attached'
            WHEN addresses.currency IS NULL THEN 'uncharged'
            WHEN addresses.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN addresses.idle_days >= $idle_days THEN 'finding'
            WHEN NOT addresses.is_in_inventory THEN 'not_in_inventory'
            ELSE 'in_use_lately'
        END AS verdict
    FROM addresses
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.is_in_inventory THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.is_in_inventory THEN 'The inventory lists nothing that is attached to the address, and the bill charges it as idle'
        ELSE 'The bill charges the address as idle, but no inventory confirms it'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($idle_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'days_billed_as_idle': verdicts.idle_days,
        'days_billed_as_idle_threshold': CAST($idle_days AS INTEGER),
        'state': verdicts.state
    } AS evidence
FROM verdicts
