-- Running machines that a smaller instance type could carry, with the cheapest such type and its price.
WITH gpu_charges AS (
    -- A GPU that is attached to a GCP machine is no part of its machine type: only the bill shows it.
    SELECT DISTINCT daily.ResourceId AS resource_id
    FROM core.daily_cost AS daily
    WHERE
        daily.ProviderName = 'GCP'
        AND daily.x_usage_type ILIKE '%gpu%'
        AND daily.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND daily.usage_date < CAST($as_of AS DATE)
),

charged_operations AS (
    -- On AWS the operation carries licence and operating system, so it decides which rates compare.
    SELECT
        daily.ProviderName AS provider,
        daily.SubAccountId AS account_id,
        daily.ResourceId AS resource_id,
        daily.BillingCurrency AS currency,
        daily.PricingCategory AS pricing_category,
        CASE WHEN daily.ProviderName = 'AWS' THEN daily.x_operation END AS operation,
        sum(daily.ListCost) AS list_cost
    FROM core.daily_cost AS daily
    WHERE
        daily.ResourceType = 'virtual_machine'
        AND daily.x_instance_type IS NOT NULL
        AND daily.x_pool = 'usage'
        AND daily.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND daily.usage_date < CAST($as_of AS DATE)
    GROUP BY
        daily.ProviderName,
        daily.SubAccountId,
        daily.ResourceId,
        daily.BillingCurrency,
        daily.PricingCategory,
        CASE WHEN daily.ProviderName = 'AWS' THEN daily.x_operation END
),

operations AS (
    SELECT
        charged_operations.*,
        row_number() OVER (
            PARTITION BY
                charged_operations.provider, charged_operations.account_id, charged_operations.resource_id, charged_operations.currency
            ORDER BY charged_operations.list_cost DESC, charged_operations.operation ASC, charged_operations.pricing_category ASC
        ) AS cost_rank
    FROM charged_operations
),

machines AS (
    SELECT
        row_number() OVER () AS machine_number,
        resource.provider,
        resource.account_id,
        resource.region,
        resource.resource_id,
        resource.currency,
        resource.state,
        resource.instance_type,
        resource.vcpus,
        resource.memory_gib,
        type.family,
        type.architecture,
        type.is_burstable,
        resource.is_in_inventory,
        resource.is_inventoried_type,
        resource.monthly_cost,
        resource.monthly_instance_cost,
        operations.operation,
        coalesce(operations.pricing_category = 'Dynamic', FALSE) AS is_spot,
        -- Data on local disks is lost in a move, so such machines stay in their family.
        coalesce(regexp_matches(type.family, '^(i|d|h|im|is)[0-9]|^[a-z]+[0-9]+[a-z]*d'), FALSE) AS has_local_disk,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    LEFT JOIN gpu_charges ON resource.provider = 'GCP' AND resource.resource_id = gpu_charges.resource_id
    LEFT JOIN inventory.instance_types AS type ON resource.provider = type.provider AND resource.instance_type = type.instance_type
    LEFT JOIN operations
        ON
            resource.provider = operations.provider
            AND resource.account_id IS NOT DISTINCT FROM operations.account_id
            AND resource.resource_id = operations.resource_id
            AND resource.currency = operations.currency
            AND operations.cost_rank = 1
    WHERE resource.resource_type = 'virtual_machine' AND coalesce(resource.gpus, 0) = 0 AND gpu_charges.resource_id IS NULL
),

activity AS (
    SELECT
        machine.machine_number,
        quantile_disc(hour.maximum, CAST($cpu_quantile AS DOUBLE)) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_percent_quantile,
        count(*) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_hours,
        max(hour.maximum) FILTER (WHERE hour.metric = 'memory_percent') AS memory_percent_max,
        count(*) FILTER (WHERE hour.metric = 'memory_percent') AS memory_hours,
        count(*) FILTER (WHERE hour.metric = 'gpu_percent') AS gpu_hours
    FROM machines AS machine
    INNER JOIN usage.resource_hour AS hour
        ON
            machine.provider = hour.provider
            AND machine.resource_id = hour.resource_id
            AND coalesce(machine.account_id, hour.account_id, '') = coalesce(hour.account_id, machine.account_id, '')
    WHERE
        hour.metric IN ('cpu_percent', 'memory_percent', 'gpu_percent')
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY machine.machine_number
),

measured AS (
    SELECT
        machine.*,
        activity.cpu_percent_quantile,
        coalesce(activity.cpu_hours, 0) AS cpu_hours,
        coalesce(activity.memory_hours, 0) AS memory_hours,
        activity.memory_percent_max,
        coalesce(activity.memory_hours, 0) * 100 >= 24 * $look_back_days * $minimum_coverage_percent AS is_memory_measured
    FROM machines AS machine
    LEFT JOIN activity ON machine.machine_number = activity.machine_number
    WHERE coalesce(activity.gpu_hours, 0) = 0
),

needs AS (
    SELECT
        measured.*,
        measured.vcpus * measured.cpu_percent_quantile / (100 - CAST($cpu_headroom_percent AS DOUBLE)) AS needed_vcpus,
        -- Unmeasured memory may be full, so all of it is needed.
        CASE
            WHEN measured.is_memory_measured
                THEN measured.memory_gib * measured.memory_percent_max / (100 - CAST($memory_headroom_percent AS DOUBLE))
            ELSE measured.memory_gib
        END AS needed_memory_gib
    FROM measured
),

bill_rates AS (
    SELECT
        rate.ProviderName AS provider,
        rate.RegionId AS region,
        CASE WHEN rate.ProviderName = 'AWS' THEN rate.x_operation END AS operation,
        rate.BillingCurrency AS currency,
        type.family,
        type.instance_type,
        rate.hourly_list_rate,
        CAST(rate.hourly_list_rate / type.vcpus AS DECIMAL(38, 12)) AS vcpu_rate,
        rate.instance_hours,
        -- Shared-core machines of GCP are not priced by vCPU.
        rate.ProviderName = 'AWS' OR NOT type.is_burstable AS is_linear
    FROM core.instance_rates AS rate
    INNER JOIN inventory.instance_types AS type ON rate.ProviderName = type.provider AND rate.x_instance_type = type.instance_type
    WHERE rate.ServiceName IN ('AmazonEC2', 'Compute Engine') AND rate.hourly_list_rate > 0
),

family_rates AS (
    SELECT
        bill_rates.*,
        row_number() OVER (
            PARTITION BY bill_rates.provider, bill_rates.region, bill_rates.operation, bill_rates.currency, bill_rates.family
            ORDER BY bill_rates.instance_hours DESC, bill_rates.instance_type ASC
        ) AS hours_rank
    FROM bill_rates
    WHERE bill_rates.is_linear
),

prices AS (
    SELECT
        bill_rates.provider,
        bill_rates.region,
        bill_rates.operation,
        bill_rates.currency,
        bill_rates.instance_type,
        bill_rates.hourly_list_rate,
        'bill' AS price_source
    FROM bill_rates
    UNION ALL
    -- Within a family the list price is proportional to the size (AWS on-demand pricing, GCP per-core and per-GB pricing).
    SELECT
        family_rates.provider,
        family_rates.region,
        family_rates.operation,
        family_rates.currency,
        type.instance_type,
        CAST(family_rates.vcpu_rate * type.vcpus AS DECIMAL(38, 12)) AS hourly_list_rate,
        'family_rate' AS price_source
    FROM family_rates
    INNER JOIN inventory.instance_types AS type
        ON
            family_rates.provider = type.provider
            AND family_rates.family = type.family
            AND (type.provider = 'AWS' OR NOT type.is_burstable)
    LEFT JOIN bill_rates
        ON
            family_rates.provider = bill_rates.provider
            AND family_rates.region = bill_rates.region
            AND family_rates.operation IS NOT DISTINCT FROM bill_rates.operation
            AND family_rates.currency = bill_rates.currency
            AND type.instance_type = bill_rates.instance_type
    WHERE family_rates.hours_rank = 1 AND bill_rates.instance_type IS NULL
),

options AS (
    SELECT
        needs.machine_number,
        type.instance_type AS target,
        type.vcpus AS target_vcpus,
        type.memory_gib AS target_memory_gib,
        prices.hourly_list_rate AS target_hourly_list_rate,
        prices.price_source AS target_price_source,
        row_number() OVER (
            PARTITION BY needs.machine_number
            ORDER BY prices.hourly_list_rate ASC, type.family <> needs.family ASC, type.vcpus DESC, type.instance_type ASC
        ) AS price_rank
    FROM needs
    INNER JOIN prices
        ON
            needs.provider = prices.provider
            AND needs.region = prices.region
            AND needs.operation IS NOT DISTINCT FROM prices.operation
            AND needs.currency = prices.currency
    INNER JOIN inventory.instance_types AS type ON prices.provider = type.provider AND prices.instance_type = type.instance_type
    WHERE
        type.gpus = 0
        AND type.architecture = needs.architecture
        AND (needs.is_burstable OR NOT type.is_burstable)
        AND (type.is_current_generation OR type.family = needs.family)
        AND (NOT needs.has_local_disk OR type.family = needs.family)
        AND type.instance_type NOT LIKE '%metal%'
        AND type.vcpus >= needs.needed_vcpus
        AND type.memory_gib >= needs.needed_memory_gib
        -- A cheaper family of the same size is a migration, not a right-size.
        AND type.vcpus <= needs.vcpus
        AND (type.vcpus < needs.vcpus OR type.memory_gib < needs.memory_gib)
),

priced AS (
    SELECT
        needs.*,
        prices.hourly_list_rate,
        prices.price_source,
        options.target,
        options.target_vcpus,
        options.target_memory_gib,
        options.target_hourly_list_rate,
        options.target_price_source,
        CAST(
            1
            - (1 - options.target_hourly_list_rate / prices.hourly_list_rate)
            * (needs.monthly_instance_cost / nullif(needs.monthly_cost, 0))
            AS DECIMAL(18, 12)
        ) AS remaining_cost_share
    FROM needs
    LEFT JOIN prices
        ON
            needs.provider = prices.provider
            AND needs.region = prices.region
            AND needs.operation IS NOT DISTINCT FROM prices.operation
            AND needs.currency = prices.currency
            AND needs.instance_type = prices.instance_type
    LEFT JOIN options ON needs.machine_number = options.machine_number AND options.price_rank = 1
),

verdicts AS (
    SELECT
        priced.*,
        CASE
            WHEN priced.is_inventoried_type AND NOT priced.is_in_inventory THEN 'gone'
            WHEN priced.state <> 'running' THEN 'stopped'
            WHEN priced.cpu_hours = 0 THEN 'no_metric'
            WHEN priced.age_days < $look_back_days THEN 'too_young'
            WHEN priced.cpu_hours * 100 < 24 * $look_back_days * $minimum_coverage_percent THEN 'gaps'
            WHEN priced.needed_vcpus >= priced.vcpus AND priced.needed_memory_gib >= priced.memory_gib THEN 'fits'
            -- An unknown size, an unknown rate, or a Spot price, which no other type's price can be told from.
            WHEN priced.family IS NULL OR priced.hourly_list_rate IS NULL OR priced.is_spot THEN 'no_price'
            WHEN priced.target IS NULL THEN 'fits'
            WHEN priced.target_hourly_list_rate * 100 > priced.hourly_list_rate * (100 - $minimum_savings_percent) THEN 'small'
            WHEN priced.monthly_cost * (1 - priced.remaining_cost_share) < $minimum_monthly_savings THEN 'small'
            WHEN priced.remaining_cost_share IS NULL THEN 'small'
            ELSE 'oversized'
        END AS verdict
    FROM priced
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    CASE
        WHEN verdicts.verdict = 'oversized' THEN 'finding'
        WHEN verdicts.verdict IN ('too_young', 'no_metric', 'gaps', 'no_price') THEN 'not_evaluable'
        ELSE 'clean'
    END AS outcome,
    CASE WHEN verdicts.verdict IN ('too_young', 'no_metric', 'gaps', 'no_price') THEN verdicts.verdict END AS reason,
    CASE WHEN verdicts.is_memory_measured THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.is_memory_measured THEN 'CPU and memory were measured'
        ELSE 'Memory was not measured, so the target has at least as much of it'
    END AS confidence_reason,
    CASE WHEN verdicts.verdict = 'oversized' THEN verdicts.remaining_cost_share ELSE 1 END AS remaining_cost_share,
    CASE WHEN verdicts.verdict = 'oversized' THEN verdicts.target END AS target,
    CAST(NULL AS DECIMAL(38, 12)) AS accrued_cost,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': 24 * CAST($look_back_days AS INTEGER),
        'cpu_hours_observed': verdicts.cpu_hours,
        'cpu_quantile': CAST($cpu_quantile AS DOUBLE),
        'cpu_percent_at_quantile': verdicts.cpu_percent_quantile,
        'cpu_headroom_percent': CAST($cpu_headroom_percent AS DOUBLE),
        'is_memory_measured': verdicts.is_memory_measured,
        'memory_hours_observed': verdicts.memory_hours,
        'memory_percent_max': verdicts.memory_percent_max,
        'memory_headroom_percent': CAST($memory_headroom_percent AS DOUBLE),
        'instance_type': verdicts.instance_type,
        'vcpus': verdicts.vcpus,
        'memory_gib': verdicts.memory_gib,
        'needed_vcpus': verdicts.needed_vcpus,
        'needed_memory_gib': verdicts.needed_memory_gib,
        'hourly_list_rate': verdicts.hourly_list_rate,
        'price_source': verdicts.price_source,
        'target': verdicts.target,
        'target_vcpus': verdicts.target_vcpus,
        'target_memory_gib': verdicts.target_memory_gib,
        'target_hourly_list_rate': verdicts.target_hourly_list_rate,
        'target_price_source': verdicts.target_price_source,
        'operation': verdicts.operation,
        'monthly_instance_cost': verdicts.monthly_instance_cost
    } AS evidence
FROM verdicts
