-- Machines that ran nearly all of the last months at on-demand prices, without any commitment.
WITH machine_charges AS (
    SELECT
        daily.ProviderName AS provider,
        daily.SubAccountId AS account_id,
        daily.ResourceId AS resource_id,
        daily.BillingCurrency AS currency,
        daily.usage_date,
        daily.PricingCategory AS pricing_category,
        daily.ListCost AS list_cost,
        -- AWS bills hours of the machine, Google Cloud hours of each core.
        CASE
            WHEN daily.ProviderName = 'AWS' THEN daily.consumed_quantity
            WHEN daily.x_usage_type LIKE '%Instance Core%' THEN daily.consumed_quantity / machine.vcpus
            ELSE 0
        END AS instance_hours
    FROM core.daily_cost AS daily
    INNER JOIN usage.machines AS machine
        ON
            daily.ProviderName = machine.provider
            AND daily.SubAccountId = machine.account_id
            AND daily.ResourceId = machine.resource_id
            AND daily.BillingCurrency = machine.currency
    WHERE
        daily.x_pool = 'usage'
        AND daily.x_instance_type IS NOT NULL
        AND (daily.ProviderName = 'AWS' OR daily.x_usage_type LIKE '%Instance Core%' OR daily.x_usage_type LIKE '%Instance Ram%')
        AND daily.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND daily.usage_date < CAST($as_of AS DATE)
),

history AS (
    SELECT
        charges.provider,
        charges.account_id,
        charges.resource_id,
        charges.currency,
        sum(charges.instance_hours) FILTER (WHERE charges.pricing_category = 'Standard') AS on_demand_hours,
        sum(charges.list_cost) FILTER (WHERE charges.pricing_category = 'Committed') * 100 / nullif(sum(charges.list_cost), 0)
            AS covered_percent
    FROM machine_charges AS charges
    GROUP BY charges.provider, charges.account_id, charges.resource_id, charges.currency
),

bills AS (
    SELECT
        daily.ProviderName AS provider,
        min(daily.usage_date) AS first_day
    FROM core.daily_cost AS daily
    WHERE daily.x_pool = 'usage'
    GROUP BY daily.ProviderName
),

verdicts AS (
    SELECT
        machine.*,
        history.on_demand_hours,
        coalesce(history.covered_percent, 0) AS covered_percent,
        24 * CAST($look_back_days AS INTEGER) AS hours_expected,
        date_diff('day', machine.alive_since, CAST($as_of AS DATE)) AS age_days,
        CASE
            WHEN machine.is_inventoried_type AND NOT machine.is_in_inventory THEN 'gone'
            WHEN machine.state <> 'running' THEN 'stopped'
            WHEN machine.currency IS NULL OR machine.monthly_instance_cost < $minimum_monthly_cost THEN 'small'
            WHEN machine.is_spot THEN 'spot'
            WHEN age_days < $look_back_days THEN 'recent'
            -- A bill that begins later tells nothing of the months before.
            WHEN date_diff('day', bills.first_day, CAST($as_of AS DATE)) * 100 < $look_back_days * $minimum_hours_percent THEN 'gaps'
            WHEN coalesce(history.covered_percent, 0) > $covered_percent THEN 'covered'
            WHEN machine.monthly_committed_cost * 100 > $covered_percent * machine.monthly_cost THEN 'covered'
            -- Google Cloud charges cores, and nobody knows how many a type outside the catalogue has.
            WHEN machine.provider = 'GCP' AND machine.vcpus IS NULL THEN 'unknown_configuration'
            WHEN coalesce(history.on_demand_hours, 0) * 100 < hours_expected * $minimum_hours_percent THEN 'part_time'
            ELSE 'finding'
        END AS verdict
    FROM usage.machines AS machine
    LEFT JOIN history
        ON
            machine.provider = history.provider
            AND machine.account_id = history.account_id
            AND machine.resource_id = history.resource_id
            AND machine.currency = history.currency
    LEFT JOIN bills ON machine.provider = bills.provider
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.auto_scaling_group IS NULL THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.auto_scaling_group IS NULL THEN 'The bill shows on-demand hours around the clock'
        ELSE 'The bill shows on-demand hours around the clock, but a group may replace the machine at any time'
    END AS confidence_reason,
    -- A commitment is sized for all machines together: what it saves is in the recommendations, once.
    CAST(NULL AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': verdicts.hours_expected,
        'on_demand_hours': CAST(verdicts.on_demand_hours AS DOUBLE),
        'minimum_hours_percent_threshold': CAST($minimum_hours_percent AS DOUBLE),
        'covered_percent': CAST(verdicts.covered_percent AS DOUBLE),
        'covered_percent_threshold': CAST($covered_percent AS DOUBLE),
        'age_days': verdicts.age_days,
        'monthly_instance_cost': verdicts.monthly_instance_cost,
        'instance_type': verdicts.instance_type,
        'auto_scaling_group': verdicts.auto_scaling_group
    } AS evidence
FROM verdicts
