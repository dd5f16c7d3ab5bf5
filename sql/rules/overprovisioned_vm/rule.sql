-- Running machines that a smaller type of their own generation and architecture could carry, with the cheapest such type and its price.
WITH baselines (size, baseline_percent) AS (
    -- CPU that a burstable size may use for long, of each vCPU: the lower of the T2, T3 and E2 figures in the vendors' documentation.
    VALUES ('nano', 5), ('micro', 10), ('small', 20), ('medium', 20), ('large', 30), ('xlarge', 22.5), ('2xlarge', 16.8)
),

activity AS (
    SELECT
        hour.provider,
        hour.account_id,
        hour.resource_id,
        quantile_disc(hour.maximum, CAST($cpu_quantile AS DOUBLE)) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_percent_quantile,
        round(avg(hour.average) FILTER (WHERE hour.metric = 'cpu_percent'), 6) AS cpu_percent_average,
        count(*) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_hours,
        max(hour.maximum) FILTER (WHERE hour.metric = 'memory_percent') AS memory_percent_max,
        count(*) FILTER (WHERE hour.metric = 'memory_percent') AS memory_hours,
        sum(hour.total) FILTER (WHERE hour.metric = 'cpu_surplus_credits') AS surplus_credits
    FROM usage.resource_hour AS hour
    WHERE
        hour.metric IN ('cpu_percent', 'memory_percent', 'cpu_surplus_credits')
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY hour.provider, hour.account_id, hour.resource_id
),

measured AS (
    SELECT
        machine.*,
        activity.cpu_percent_quantile,
        activity.cpu_percent_average,
        coalesce(activity.cpu_hours, 0) AS cpu_hours,
        coalesce(activity.memory_hours, 0) AS memory_hours,
        activity.memory_percent_max,
        activity.surplus_credits,
        coalesce(activity.memory_hours, 0) * 100 >= 24 * $look_back_days * $minimum_coverage_percent AS is_memory_measured,
        -- m5, c5 and r5 are one generation, n2-standard and n2-highmem too: another one is a migration.
        if(machine.provider = 'AWS', regexp_replace(machine.family, '^[a-z]+', ''), split_part(machine.family, '-', 1)) AS generation,
        date_diff('day', machine.alive_since, CAST($as_of AS DATE)) AS age_days
    FROM usage.machines AS machine
    LEFT JOIN activity
        ON
            machine.provider = activity.provider
            AND machine.account_id = activity.account_id
            AND machine.resource_id = activity.resource_id
    WHERE NOT machine.has_gpu
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

prices AS (
    SELECT
        price.*,
        if(price.provider = 'AWS', regexp_replace(price.family, '^[a-z]+', ''), split_part(price.family, '-', 1)) AS generation,
        if(price.is_burstable, baselines.baseline_percent, 100) AS baseline_percent
    FROM usage.instance_prices AS price
    LEFT JOIN baselines ON regexp_extract(price.instance_type, '[^.-]+$', 0) = baselines.size
    WHERE price.gpus = 0 AND price.instance_type NOT LIKE '%metal%'
),

options AS (
    SELECT
        needs.provider,
        needs.account_id,
        needs.resource_id,
        needs.currency,
        min({
            'rate': price.hourly_list_rate,
            'is_other_family': price.family <> needs.family,
            'fewer_vcpus': -price.vcpus,
            'instance_type': price.instance_type,
            'memory_gib': price.memory_gib,
            'price_source': price.price_source
        }) AS best
    FROM needs
    INNER JOIN prices AS price
        ON
            needs.provider = price.provider
            AND needs.region = price.region
            AND needs.operation IS NOT DISTINCT FROM price.operation
            AND needs.currency = price.currency
            AND needs.generation = price.generation
            AND needs.architecture = price.architecture
    WHERE
        (price.family = needs.family OR (price.is_current_generation AND NOT coalesce(needs.has_local_disks, FALSE)))
        AND price.vcpus BETWEEN needs.needed_vcpus AND needs.vcpus
        AND price.memory_gib >= needs.needed_memory_gib
        -- A cheaper family of the same size is a migration, not a right-size.
        AND (price.vcpus < needs.vcpus OR price.memory_gib < needs.memory_gib)
        -- What the machine uses on average must not live on CPU credits.
        AND (NOT price.is_burstable OR needs.is_burstable)
        AND needs.vcpus * needs.cpu_percent_average <= price.vcpus * price.baseline_percent
    GROUP BY needs.provider, needs.account_id, needs.resource_id, needs.currency
),

priced AS (
    SELECT
        needs.*,
        price.hourly_list_rate,
        price.price_source,
        options.best,
        CAST(
            1 - (1 - options.best.rate / price.hourly_list_rate) * (needs.monthly_instance_cost / nullif(needs.monthly_cost, 0))
            AS DECIMAL(18, 12)
        ) AS remaining_cost_share
    FROM needs
    LEFT JOIN usage.instance_prices AS price
        ON
            needs.provider = price.provider
            AND needs.region = price.region
            AND needs.operation IS NOT DISTINCT FROM price.operation
            AND needs.currency = price.currency
            AND needs.instance_type = price.instance_type
    LEFT JOIN options
        ON
            needs.provider = options.provider
            AND needs.account_id = options.account_id
            AND needs.resource_id = options.resource_id
            AND needs.currency = options.currency
),

verdicts AS (
    SELECT
        priced.*,
        CASE
            WHEN priced.is_inventoried_type AND NOT priced.is_in_inventory THEN 'gone'
            WHEN priced.state <> 'running' THEN 'stopped'
            WHEN priced.surplus_credits > $surplus_credits THEN 'bursting'
            WHEN priced.cpu_hours = 0 THEN 'no_metric'
            WHEN priced.age_days < $look_back_days THEN 'too_young'
            WHEN priced.cpu_hours * 100 < 24 * $look_back_days * $minimum_coverage_percent THEN 'gaps'
            WHEN priced.needed_vcpus >= priced.vcpus AND priced.needed_memory_gib >= priced.memory_gib THEN 'fits'
            -- An unknown size, an unknown rate, or a Spot price, which no other type's price can be told from.
            WHEN priced.family IS NULL OR priced.hourly_list_rate IS NULL OR priced.is_spot THEN 'no_price'
            WHEN priced.best IS NULL THEN 'fits'
            WHEN priced.best.rate * 100 > priced.hourly_list_rate * (100 - $minimum_savings_percent) THEN 'small'
            WHEN coalesce(priced.monthly_cost * (1 - priced.remaining_cost_share), 0) < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM priced
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.is_memory_measured THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.is_memory_measured THEN 'CPU and memory were measured'
        ELSE 'Memory was not measured, so the target has at least as much of it'
    END AS confidence_reason,
    CASE WHEN verdicts.verdict = 'finding' THEN verdicts.remaining_cost_share END AS remaining_cost_share,
    CASE WHEN verdicts.verdict = 'finding' THEN verdicts.best.instance_type END AS target,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': 24 * CAST($look_back_days AS INTEGER),
        'cpu_hours_observed': verdicts.cpu_hours,
        'cpu_quantile': CAST($cpu_quantile AS DOUBLE),
        'cpu_percent_at_quantile': verdicts.cpu_percent_quantile,
        'cpu_percent_average': verdicts.cpu_percent_average,
        'cpu_headroom_percent': CAST($cpu_headroom_percent AS DOUBLE),
        'surplus_credits': verdicts.surplus_credits,
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
        'target': verdicts.best.instance_type,
        'target_vcpus': -verdicts.best.fewer_vcpus,
        'target_memory_gib': verdicts.best.memory_gib,
        'target_hourly_list_rate': verdicts.best.rate,
        'target_price_source': verdicts.best.price_source,
        'operation': verdicts.operation,
        'monthly_instance_cost': verdicts.monthly_instance_cost,
        'auto_scaling_group': verdicts.auto_scaling_group
    } AS evidence
FROM verdicts
