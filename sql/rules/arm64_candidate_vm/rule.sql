-- Running x86 machines with free Linux, with the cheapest Arm type (Graviton, Axion, Ampere) of the same size and its price.
WITH machines AS (
    SELECT
        machine.*,
        -- The line of Arm families that stands beside the machine's own: m5, m6a and m7i have m6g, m7g, ...; m5d has m6gd; t3 has t4g.
        CASE
            WHEN machine.provider = 'AWS' AND regexp_matches(machine.family, '^([mcr][5-9][ai]?d?|t3a?)$')
                THEN concat(regexp_extract(machine.family, '^[a-z]', 0), 'g', regexp_extract(machine.family, 'd$', 0))
            WHEN machine.provider = 'GCP' AND regexp_matches(machine.family, '^(e2|n2|n2d|n4|c3|c3d|c4|t2d)-(standard|highmem|highcpu)$')
                THEN split_part(machine.family, '-', 2)
        END AS arm_line
    FROM usage.machines AS machine
    WHERE NOT machine.has_gpu
),

arm_types AS (
    SELECT
        type.*,
        if(type.provider = 'AWS', regexp_replace(type.family, '[0-9]+', ''), split_part(type.family, '-', 2)) AS arm_line
    FROM inventory.instance_types AS type
    WHERE type.architecture = 'arm64' AND type.gpus = 0 AND type.instance_type NOT LIKE '%metal%'
),

options AS (
    SELECT
        machine.provider,
        machine.account_id,
        machine.resource_id,
        machine.currency,
        count(*) AS fitting_types,
        min({
            'rate': price.hourly_list_rate,
            'vcpus': type.vcpus,
            'instance_type': type.instance_type,
            'memory_gib': type.memory_gib,
            'price_source': price.price_source
        }) FILTER (WHERE price.instance_type IS NOT NULL) AS best
    FROM machines AS machine
    INNER JOIN arm_types AS type ON machine.provider = type.provider AND machine.arm_line = type.arm_line
    LEFT JOIN usage.instance_prices AS price
        ON
            machine.provider = price.provider
            AND machine.region = price.region
            AND machine.operation IS NOT DISTINCT FROM price.operation
            AND machine.currency = price.currency
            AND type.instance_type = price.instance_type
    WHERE type.vcpus >= machine.vcpus AND type.memory_gib >= machine.memory_gib
    GROUP BY machine.provider, machine.account_id, machine.resource_id, machine.currency
),

priced AS (
    SELECT
        machine.*,
        coalesce(options.fitting_types, 0) AS fitting_types,
        options.best,
        price.hourly_list_rate,
        price.price_source,
        machine.monthly_instance_cost * (1 - options.best.rate / price.hourly_list_rate) AS monthly_savings
    FROM machines AS machine
    LEFT JOIN options
        ON
            machine.provider = options.provider
            AND machine.account_id = options.account_id
            AND machine.resource_id = options.resource_id
            AND machine.currency = options.currency
    LEFT JOIN usage.instance_prices AS price
        ON
            machine.provider = price.provider
            AND machine.region = price.region
            AND machine.operation IS NOT DISTINCT FROM price.operation
            AND machine.currency = price.currency
            AND machine.instance_type = price.instance_type
),

verdicts AS (
    SELECT
        priced.*,
        CASE
            WHEN priced.is_inventoried_type AND NOT priced.is_in_inventory THEN 'gone'
            WHEN priced.state <> 'running' THEN 'stopped'
            WHEN priced.currency IS NULL OR priced.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN priced.is_spot THEN 'spot'
            WHEN priced.architecture = 'arm64' THEN 'arm64'
            -- Fees for licences beside the machine (GCP), or an operation that carries one (AWS).
            WHEN priced.has_licence_fee OR priced.operation <> 'RunInstances' THEN 'licensed'
            WHEN priced.family IS NULL OR (priced.provider = 'AWS' AND priced.operation IS NULL) THEN 'unknown_configuration'
            WHEN priced.fitting_types = 0 THEN 'no_counterpart'
            WHEN priced.hourly_list_rate IS NULL OR priced.best IS NULL THEN 'no_price'
            WHEN priced.best.rate * 100 > priced.hourly_list_rate * (100 - $minimum_savings_percent) THEN 'not_cheaper'
            WHEN priced.monthly_savings < $minimum_monthly_savings THEN 'small'
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
    'low' AS confidence,
    'The target is priced, but whether the software of the machine exists for arm64 is not known' AS confidence_reason,
    CASE
        WHEN verdicts.verdict = 'finding' THEN CAST(1 - verdicts.monthly_savings / verdicts.monthly_cost AS DECIMAL(18, 12))
    END AS remaining_cost_share,
    CASE WHEN verdicts.verdict = 'finding' THEN verdicts.best.instance_type END AS target,
    {
        'instance_type': verdicts.instance_type,
        'architecture': verdicts.architecture,
        'vcpus': verdicts.vcpus,
        'memory_gib': verdicts.memory_gib,
        'operation': verdicts.operation,
        'hourly_list_rate': verdicts.hourly_list_rate,
        'price_source': verdicts.price_source,
        'target': verdicts.best.instance_type,
        'target_vcpus': verdicts.best.vcpus,
        'target_memory_gib': verdicts.best.memory_gib,
        'target_hourly_list_rate': verdicts.best.rate,
        'target_price_source': verdicts.best.price_source,
        'monthly_instance_cost': verdicts.monthly_instance_cost,
        'auto_scaling_group': verdicts.auto_scaling_group
    } AS evidence
FROM verdicts
