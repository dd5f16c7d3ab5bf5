-- Databases whose CPU and memory would fit into one size less.
WITH databases AS (
    SELECT
        resource.*,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days,
        CASE
            WHEN resource.provider = 'AWS' THEN 'db.' || smaller.instance_type
            WHEN CAST(nullif(regexp_extract(resource.instance_type, '^db-custom-([0-9]+)-', 1), '') AS INTEGER) >= 2
                THEN concat(
                    'db-custom-',
                    CAST(regexp_extract(resource.instance_type, '^db-custom-([0-9]+)-', 1) AS INTEGER) // 2,
                    '-',
                    greatest(3840, CAST(regexp_extract(resource.instance_type, '-([0-9]+)$', 1) AS INTEGER) // 2)
                )
        END AS target
    FROM usage.resources AS resource
    LEFT JOIN inventory.instance_types AS current_type
        ON resource.provider = current_type.provider AND resource.instance_type = concat('db.', current_type.instance_type)
    LEFT JOIN inventory.instance_types AS smaller
        ON
            current_type.provider = smaller.provider
            AND current_type.family = smaller.family
            AND current_type.vcpus = 2 * smaller.vcpus
            AND current_type.memory_gib = 2 * smaller.memory_gib
    WHERE resource.resource_type = 'database'
),

activity AS (
    SELECT
        hour.provider,
        hour.account_id,
        hour.resource_id,
        quantile_cont(CASE WHEN hour.metric = 'cpu_percent' THEN hour.maximum END, CAST($cpu_percentile AS DOUBLE)) AS cpu_percent,
        count(*) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_hours,
        max(CASE WHEN hour.metric = 'memory_percent' THEN hour.maximum END) AS memory_percent,
        count(*) FILTER (WHERE hour.metric = 'memory_percent') AS memory_hours
    FROM usage.resource_hour AS hour
    INNER JOIN databases AS database
        ON
            hour.provider = database.provider
            AND hour.account_id = database.account_id
            AND hour.resource_id = database.resource_id
    WHERE
        hour.metric IN ('cpu_percent', 'memory_percent')
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY hour.provider, hour.account_id, hour.resource_id
),

instance_charges AS (
    SELECT
        charge.provider,
        charge.account_id,
        charge.resource_id,
        charge.currency,
        sum(charge.monthly_cost) AS instance_cost,
        -- Cloud SQL bills cores and gibibytes, whose prices do not change with the size.
        sum(charge.monthly_cost * CASE WHEN charge.provider = 'GCP' THEN 0.5 ELSE CAST(smaller.price / larger.price AS DECIMAL(18, 12)) END)
            AS target_cost,
        count(*) = count(CASE WHEN charge.provider = 'GCP' THEN 1 ELSE CAST(smaller.price / larger.price AS DECIMAL(18, 12)) END)
            AS is_priced
    FROM usage.resource_charges AS charge
    INNER JOIN databases AS database
        ON
            charge.provider = database.provider
            AND charge.account_id = database.account_id
            AND charge.resource_id = database.resource_id
            AND charge.currency = database.currency
    LEFT JOIN usage.unit_prices AS larger
        ON
            charge.provider = larger.provider
            AND charge.region = larger.region
            AND charge.usage_type = larger.usage_type
            AND charge.operation = larger.operation
            AND charge.currency = larger.currency
    LEFT JOIN usage.unit_prices AS smaller
        ON
            larger.provider = smaller.provider
            AND larger.region = smaller.region
            AND replace(larger.usage_type, database.instance_type, database.target) = smaller.usage_type
            AND larger.operation = smaller.operation
            AND larger.currency = smaller.currency
    WHERE
        (charge.provider = 'AWS' AND charge.usage_type LIKE '%Usage:db.%')
        OR (charge.provider = 'GCP' AND (charge.usage_type LIKE 'Cloud SQL%vCPU%' OR charge.usage_type LIKE 'Cloud SQL%RAM%'))
    GROUP BY charge.provider, charge.account_id, charge.resource_id, charge.currency
),

verdicts AS (
    SELECT
        database.*,
        activity.cpu_percent,
        activity.memory_percent,
        coalesce(activity.cpu_hours, 0) AS cpu_hours,
        coalesce(activity.memory_hours, 0) AS memory_hours,
        24 * CAST($look_back_days AS INTEGER) AS hours_expected,
        charge.instance_cost,
        charge.target_cost,
        CASE
            WHEN database.is_inventoried_type AND NOT database.is_in_inventory THEN 'gone'
            WHEN lower(database.state) IN ('stopped', 'suspended', 'deleting') THEN 'stopped'
            WHEN database.instance_type = 'db.serverless' THEN 'serverless'
            WHEN database.target IS NULL THEN 'smallest'
            WHEN 2 * activity.cpu_percent > 100 - $headroom_percent THEN 'busy'
            WHEN 2 * activity.memory_percent > 100 - $headroom_percent THEN 'busy'
            WHEN coalesce(activity.cpu_hours, 0) = 0 OR coalesce(activity.memory_hours, 0) = 0 THEN 'no_metric'
            WHEN database.age_days < $look_back_days THEN 'too_young'
            WHEN least(activity.cpu_hours, activity.memory_hours) * 100 < 24 * $look_back_days * $minimum_coverage_percent THEN 'gaps'
            WHEN database.currency IS NULL THEN 'uncharged'
            WHEN charge.is_priced IS NOT TRUE THEN 'no_price'
            WHEN charge.instance_cost - charge.target_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM databases AS database
    LEFT JOIN activity
        ON
            database.provider = activity.provider
            AND database.account_id = activity.account_id
            AND database.resource_id = activity.resource_id
    LEFT JOIN instance_charges AS charge
        ON
            database.provider = charge.provider
            AND database.account_id = charge.account_id
            AND database.resource_id = charge.resource_id
            AND database.currency = charge.currency
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    'medium' AS confidence,
    'CPU and memory fit; the limits of IO and connections of the smaller type are not checked' AS confidence_reason,
    CASE
        WHEN verdicts.verdict = 'finding'
            THEN
                1 - CAST(
                    CAST(verdicts.instance_cost - verdicts.target_cost AS DOUBLE) / CAST(verdicts.monthly_cost AS DOUBLE) AS DECIMAL(18, 12)
                )
    END AS remaining_cost_share,
    verdicts.target,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': verdicts.hours_expected,
        'cpu_hours_observed': verdicts.cpu_hours,
        'cpu_percent_percentile': verdicts.cpu_percent,
        'cpu_percent_on_target': 2 * verdicts.cpu_percent,
        'memory_hours_observed': verdicts.memory_hours,
        'memory_percent_max': verdicts.memory_percent,
        'memory_percent_on_target': 2 * verdicts.memory_percent,
        'percent_threshold': CAST(100 - $headroom_percent AS DOUBLE),
        'instance_type': verdicts.instance_type,
        'instance_cost': verdicts.instance_cost,
        'instance_cost_on_target': verdicts.target_cost,
        'price_source': 'bill of the last 90 days before ' || CAST(CAST($as_of AS DATE) AS VARCHAR),
        'age_days': verdicts.age_days
    } AS evidence
FROM verdicts
