-- Stopped machines whose own id is charged since the stop: suspended memory, local SSDs, reservations, licences by the month.
WITH machines AS (
    SELECT
        machine.*,
        costs.window_end,
        -- The day of the stop still has hours of running.
        CAST(TRY_CAST(machine.attributes['stopped_at'] AS TIMESTAMP) AS DATE) AS stopped_on,
        date_diff('day', TRY_CAST(machine.attributes['stopped_at'] AS TIMESTAMP), CAST($as_of AS TIMESTAMP)) AS stopped_days
    FROM usage.machines AS machine
    LEFT JOIN core.resource_costs AS costs
        ON
            machine.provider = costs.ProviderName
            AND machine.account_id = costs.SubAccountId
            AND machine.resource_id = costs.ResourceId
            AND machine.currency = costs.BillingCurrency
),

charges AS (
    SELECT
        daily.*,
        -- Hours that it ran are over, and what else has an id of its own is judged by that.
        NOT regexp_matches(
            daily.x_usage_type, '^(Box|Spot|Dedicated|HostBox|Sched)Usage|^DataTransfer|-Bytes$|^EBS:|^ElasticIP|^PublicIPv4'
        )
        AND NOT regexp_matches(
            daily.x_usage_type, 'Instance (Core|Ram) running|Egress|Ingress|Data Transfer|IP Charge|PD Capacity|Hyperdisk'
        ) AS is_standing
    FROM core.daily_cost AS daily
    WHERE daily.ResourceType = 'virtual_machine' AND daily.x_pool = 'usage' AND daily.x_usage_type IS NOT NULL
),

standing AS (
    SELECT
        machine.provider,
        machine.account_id,
        machine.resource_id,
        machine.currency,
        sum(charges.x_net_effective_cost) AS cost_since_stop,
        max(charges.usage_date) AS last_charged_on,
        string_agg(DISTINCT charges.x_usage_type, ', ' ORDER BY charges.x_usage_type ASC) AS usage_types
    FROM machines AS machine
    INNER JOIN charges
        ON
            machine.provider = charges.ProviderName
            AND machine.account_id = charges.SubAccountId
            AND machine.resource_id = charges.ResourceId
            AND machine.currency = charges.BillingCurrency
    WHERE
        charges.is_standing
        AND charges.usage_date > machine.stopped_on
        AND charges.usage_date >= machine.window_end - 30
        AND charges.usage_date < machine.window_end
    GROUP BY machine.provider, machine.account_id, machine.resource_id, machine.currency
),

verdicts AS (
    SELECT
        machine.*,
        coalesce(standing.cost_since_stop, 0) AS cost_since_stop,
        standing.usage_types,
        standing.last_charged_on,
        CASE
            WHEN machine.is_inventoried_type AND NOT machine.is_in_inventory THEN 'gone'
            WHEN machine.currency IS NULL THEN 'uncharged'
            WHEN NOT machine.is_in_inventory OR machine.state IS NULL THEN 'not_in_inventory'
            WHEN machine.state NOT IN ('stopped', 'suspended') THEN 'running'
            WHEN machine.stopped_on IS NULL THEN 'unknown_configuration'
            WHEN machine.stopped_days < $stopped_days THEN 'stopped_lately'
            -- What ended since then, before the last days of the bill, is over.
            WHEN standing.last_charged_on IS NULL OR standing.last_charged_on < machine.window_end - 3 THEN 'free'
            WHEN standing.cost_since_stop < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM machines AS machine
    LEFT JOIN standing
        ON
            machine.provider = standing.provider
            AND machine.account_id = standing.account_id
            AND machine.resource_id = standing.resource_id
            AND machine.currency = standing.currency
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.stopped_days >= 30 THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.stopped_days >= 30 THEN 'It has not run for a month, and the bill charges it every day'
        ELSE 'The bill charges it since its stop, but that is less than a month ago'
    END AS confidence_reason,
    CASE
        WHEN verdicts.verdict = 'finding'
            THEN CAST(greatest(0, 1 - verdicts.cost_since_stop / nullif(verdicts.monthly_cost, 0)) AS DECIMAL(18, 12))
    END AS remaining_cost_share,
    {
        'state': verdicts.state,
        'stopped_on': verdicts.stopped_on,
        'stopped_days': verdicts.stopped_days,
        'stopped_days_threshold': CAST($stopped_days AS INTEGER),
        'charged_for': verdicts.usage_types,
        'last_charged_on': verdicts.last_charged_on,
        'cost_since_stop_in_window': verdicts.cost_since_stop,
        'instance_type': verdicts.instance_type
    } AS evidence
FROM verdicts
