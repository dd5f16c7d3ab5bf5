-- Running machines of an old generation, with the cheapest type of the same size in a current generation of their line and its price.
WITH successors (provider, family, successor) AS (
    -- Lines by the providers' pages on previous generations (AWS) and machine families (Google Cloud).
    VALUES
    ('AWS', 't1', 't3'), ('AWS', 't2', 't3'), ('AWS', 'm1', 'm5'), ('AWS', 'm3', 'm5'), ('AWS', 'm3', 'm6i'), ('AWS', 'm3', 'm7i'),
    ('AWS', 'm4', 'm5'), ('AWS', 'm4', 'm6i'), ('AWS', 'm4', 'm7i'), ('AWS', 'c1', 'c5'), ('AWS', 'c3', 'c5'), ('AWS', 'c3', 'c6i'),
    ('AWS', 'c3', 'c7i'), ('AWS', 'c4', 'c5'), ('AWS', 'c4', 'c6i'), ('AWS', 'c4', 'c7i'), ('AWS', 'm2', 'r5'), ('AWS', 'r3', 'r5'),
    ('AWS', 'r3', 'r6i'), ('AWS', 'r3', 'r7i'), ('AWS', 'r4', 'r5'), ('AWS', 'r4', 'r6i'), ('AWS', 'r4', 'r7i'), ('AWS', 'i2', 'i3'),
    ('AWS', 'i2', 'i4i'), ('AWS', 'd2', 'd3'), ('GCP', 'n1-standard', 'e2-standard'), ('GCP', 'n1-standard', 'n2-standard'),
    ('GCP', 'n1-standard', 'n2d-standard'), ('GCP', 'n1-highmem', 'e2-highmem'), ('GCP', 'n1-highmem', 'n2-highmem'),
    ('GCP', 'n1-highmem', 'n2d-highmem'), ('GCP', 'n1-highcpu', 'e2-highcpu'), ('GCP', 'n1-highcpu', 'n2-highcpu'),
    ('GCP', 'n1-highcpu', 'n2d-highcpu')
),

old_families AS (
    SELECT DISTINCT
        successors.provider,
        successors.family
    FROM successors
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
    FROM usage.machines AS machine
    INNER JOIN successors ON machine.provider = successors.provider AND machine.family = successors.family
    INNER JOIN inventory.instance_types AS type
        ON successors.provider = type.provider AND successors.successor = type.family AND machine.architecture = type.architecture
    LEFT JOIN usage.instance_prices AS price
        ON
            machine.provider = price.provider
            AND machine.region = price.region
            AND machine.operation IS NOT DISTINCT FROM price.operation
            AND machine.currency = price.currency
            AND type.instance_type = price.instance_type
    WHERE
        type.vcpus >= machine.vcpus
        AND type.memory_gib >= machine.memory_gib
        AND type.instance_type NOT LIKE '%metal%'
        -- E2 machines cannot have local disks.
        AND NOT (type.family LIKE 'e2-%' AND coalesce(machine.has_local_disks, FALSE))
    GROUP BY machine.provider, machine.account_id, machine.resource_id, machine.currency
),

priced AS (
    SELECT
        machine.*,
        old.family IS NOT NULL AS is_old,
        coalesce(options.fitting_types, 0) AS fitting_types,
        options.best,
        price.hourly_list_rate,
        price.price_source,
        machine.monthly_instance_cost * (1 - options.best.rate / price.hourly_list_rate) AS monthly_savings
    FROM usage.machines AS machine
    LEFT JOIN old_families AS old ON machine.provider = old.provider AND machine.family = old.family
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
    WHERE NOT machine.has_gpu
),

verdicts AS (
    SELECT
        priced.*,
        CASE
            WHEN priced.is_inventoried_type AND NOT priced.is_in_inventory THEN 'gone'
            WHEN priced.state <> 'running' THEN 'stopped'
            WHEN priced.currency IS NULL OR priced.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN priced.is_spot THEN 'spot'
            -- The catalogue does not know the type, so nobody knows its generation.
            WHEN priced.family IS NULL THEN 'unknown_configuration'
            WHEN NOT priced.is_old THEN 'current'
            WHEN priced.fitting_types = 0 THEN 'no_successor'
            WHEN priced.hourly_list_rate IS NULL OR priced.best IS NULL THEN 'no_price'
            WHEN priced.best.rate * 100 > priced.hourly_list_rate * (100 - $minimum_savings_percent) THEN 'not_cheaper'
            WHEN priced.monthly_savings < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict,
        priced.best.instance_type LIKE 'e2-%' AS is_shared_host
    FROM priced
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.has_local_disks OR verdicts.is_shared_host THEN 'low' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.has_local_disks THEN 'The target is priced, but what is on the local disks of the machine is lost'
        WHEN verdicts.is_shared_host THEN 'The target is priced, but an E2 machine has no fixed processor'
        ELSE 'The target is priced; the image must have the drivers of the newer generation'
    END AS confidence_reason,
    CASE
        WHEN verdicts.verdict = 'finding' THEN CAST(1 - verdicts.monthly_savings / verdicts.monthly_cost AS DECIMAL(18, 12))
    END AS remaining_cost_share,
    CASE WHEN verdicts.verdict = 'finding' THEN verdicts.best.instance_type END AS target,
    {
        'instance_type': verdicts.instance_type,
        'vcpus': verdicts.vcpus,
        'memory_gib': verdicts.memory_gib,
        'hourly_list_rate': verdicts.hourly_list_rate,
        'price_source': verdicts.price_source,
        'target': verdicts.best.instance_type,
        'target_vcpus': verdicts.best.vcpus,
        'target_memory_gib': verdicts.best.memory_gib,
        'target_hourly_list_rate': verdicts.best.rate,
        'target_price_source': verdicts.best.price_source,
        'operation': verdicts.operation,
        'monthly_instance_cost': verdicts.monthly_instance_cost,
        'auto_scaling_group': verdicts.auto_scaling_group
    } AS evidence
FROM verdicts
