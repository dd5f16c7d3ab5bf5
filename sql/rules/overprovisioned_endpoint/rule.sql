-- Inference endpoints whose busiest instance is far from busy: fewer instances, or smaller ones, would carry the load.
WITH endpoints AS (
    SELECT
        resource.*,
        type.family,
        type.architecture,
        replace(lower(resource.state), '_', '') AS plain_state,
        type.instance_type AS plain_type,
        TRY_CAST(resource.attributes['variant_count'] AS INTEGER) AS variant_count,
        -- Where an endpoint scales itself, its least capacity is what is paid for without need.
        coalesce(TRY_CAST(resource.attributes['minimum_capacity'] AS INTEGER), resource.instance_count) AS floor_count,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    LEFT JOIN inventory.instance_types AS type
        ON resource.provider = type.provider AND regexp_replace(resource.instance_type, '^ml\.', '') = type.instance_type
    WHERE resource.resource_type = 'inference_endpoint' AND coalesce(resource.attributes['is_serverless'], 'false') <> 'true'
),

series AS (
    SELECT
        hour.provider,
        hour.account_id,
        hour.resource_id,
        hour.metric,
        count(*) AS hours,
        count(*) * 100 >= 24 * $look_back_days * $minimum_coverage_percent AS is_measured,
        quantile_disc(hour.maximum, CAST($load_quantile AS DOUBLE)) AS quantile,
        max(hour.maximum) AS maximum,
        sum(coalesce(hour.total, hour.maximum)) AS total
    FROM usage.resource_hour AS hour
    SEMI JOIN endpoints ON hour.provider = endpoints.provider AND hour.resource_id = endpoints.resource_id
    WHERE
        hour.metric IN ('cpu_percent', 'gpu_percent', 'memory_percent', 'gpu_memory_percent', 'invocations')
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY hour.provider, hour.account_id, hour.resource_id, hour.metric
),

activity AS (
    SELECT
        series.provider,
        series.account_id,
        series.resource_id,
        max(series.hours) FILTER (WHERE series.metric = 'cpu_percent') AS cpu_hours,
        max(series.quantile) FILTER (WHERE series.metric = 'cpu_percent') AS cpu_percent,
        max(series.hours) FILTER (WHERE series.metric = 'gpu_percent') AS gpu_hours,
        max(series.quantile) FILTER (WHERE series.metric = 'gpu_percent') AS gpu_percent,
        max(series.maximum) FILTER (WHERE series.metric = 'memory_percent' AND series.is_measured) AS memory_percent_max,
        max(series.total) FILTER (WHERE series.metric = 'invocations') AS invocations
    FROM series
    GROUP BY series.provider, series.account_id, series.resource_id
),

needs AS (
    SELECT
        endpoint.*,
        activity.* EXCLUDE (provider, account_id, resource_id),
        -- An endpoint with GPUs is judged by both, and the rarer observed of the two says how much is known.
        CASE
            WHEN endpoint.gpus > 0 THEN least(coalesce(activity.cpu_hours, 0), coalesce(activity.gpu_hours, 0))
            ELSE coalesce(activity.cpu_hours, 0)
        END AS hours_observed,
        greatest(activity.cpu_percent, activity.gpu_percent) AS load_percent,
        CAST(
            greatest(
                least($minimum_instances, endpoint.floor_count),
                ceil(endpoint.floor_count * greatest(activity.cpu_percent, activity.gpu_percent) / (100 - $headroom_percent))
            ) AS INTEGER
        ) AS needed_count,
        endpoint.vcpus * activity.cpu_percent / (100 - $headroom_percent) AS needed_vcpus,
        -- Unmeasured memory may be full, so all of it is needed.
        endpoint.memory_gib * coalesce(activity.memory_percent_max / (100 - $headroom_percent), 1) AS needed_memory_gib
    FROM endpoints AS endpoint
    LEFT JOIN activity
        ON
            endpoint.provider = activity.provider
            AND endpoint.account_id = activity.account_id
            AND endpoint.resource_id = activity.resource_id
),

rates AS (
    SELECT
        price.provider,
        price.region,
        price.currency,
        regexp_replace(price.usage_type, '^Host:(ml\.)?', '') AS instance_type,
        price.list_price
    FROM usage.unit_prices AS price
    WHERE price.provider = 'AWS' AND price.usage_type LIKE 'Host:%' AND price.list_price > 0
    UNION ALL
    SELECT
        rate.ProviderName AS provider,
        rate.RegionId AS region,
        rate.BillingCurrency AS currency,
        rate.x_instance_type AS instance_type,
        rate.hourly_list_rate AS list_price
    FROM core.instance_rates AS rate
    WHERE rate.ServiceName = 'Vertex AI' AND rate.hourly_list_rate > 0
),

options AS (
    SELECT
        needs.provider,
        needs.account_id,
        needs.resource_id,
        needs.currency,
        any_value(rates.list_price) FILTER (WHERE type.instance_type = needs.plain_type) AS list_price,
        count(*) FILTER (WHERE type.vcpus < needs.vcpus) AS smaller_types,
        min({ 'price': rates.list_price, 'type': type.instance_type }) FILTER (WHERE type.vcpus < needs.vcpus) AS best
    FROM needs
    INNER JOIN inventory.instance_types AS type
        ON
            needs.provider = type.provider
            AND needs.family = type.family
            AND needs.gpus = type.gpus
    LEFT JOIN rates
        ON
            needs.provider = rates.provider
            AND needs.region = rates.region
            AND needs.currency = rates.currency
            AND type.instance_type = rates.instance_type
    WHERE type.vcpus BETWEEN needs.needed_vcpus AND needs.vcpus AND type.memory_gib >= needs.needed_memory_gib
    GROUP BY needs.provider, needs.account_id, needs.resource_id, needs.currency
),

verdicts AS (
    SELECT
        needs.*,
        options.list_price,
        options.best.price AS target_list_price,
        -- Fewer instances need no price; a smaller type does, and all instances become smaller.
        (needs.floor_count - needs.needed_count) / needs.instance_count AS count_share,
        1 - options.best.price / options.list_price AS type_share,
        CASE
            WHEN count_share > 0 AND count_share >= coalesce(type_share, 0) THEN concat(needs.needed_count, ' x ', needs.instance_type)
            ELSE concat(needs.floor_count, ' x ', CASE WHEN needs.instance_type LIKE 'ml.%' THEN 'ml.' END, options.best.type)
        END AS target,
        coalesce(needs.monthly_instance_cost / nullif(needs.monthly_cost, 0), 0) * greatest(count_share, type_share) AS saved_share,
        CASE
            WHEN needs.is_inventoried_type AND NOT needs.is_in_inventory THEN 'gone'
            WHEN needs.plain_state IN ('creating', 'outofservice', 'deleting', 'failed', 'stopped', 'undeployed') THEN 'not_serving'
            WHEN needs.is_in_use = FALSE OR needs.instance_count = 0 OR needs.variant_count = 0 THEN 'not_serving'
            WHEN needs.invocations = 0 THEN 'idle'
            WHEN needs.hours_observed = 0 THEN 'no_metric'
            WHEN needs.age_days < $look_back_days THEN 'too_young'
            WHEN needs.hours_observed * 100 < 24 * $look_back_days * $minimum_coverage_percent THEN 'gaps'
            -- Of several variants the busiest instance does not tell which one could be smaller.
            WHEN coalesce(needs.variant_count, 0) <> 1 OR needs.instance_count IS NULL THEN 'unknown_configuration'
            -- Sizes of a type are steps of two, so a half-used instance has none below it.
            WHEN count_share <= 0 AND needs.load_percent * 2 > 100 - $headroom_percent THEN 'fits'
            WHEN count_share <= 0 AND needs.family IS NOT NULL AND coalesce(options.smaller_types, 0) = 0 THEN 'fits'
            WHEN count_share <= 0 AND type_share IS NULL THEN 'no_price'
            WHEN saved_share * needs.monthly_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM needs
    LEFT JOIN options
        ON
            needs.provider = options.provider
            AND needs.account_id = options.account_id
            AND needs.resource_id = options.resource_id
            AND needs.currency = options.currency
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.memory_percent_max IS NOT NULL THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.memory_percent_max IS NOT NULL THEN 'Load and memory were measured'
        ELSE 'The load was measured, memory was not'
    END AS confidence_reason,
    CAST(greatest(0, least(1, 1 - verdicts.saved_share)) AS DECIMAL(18, 12)) AS remaining_cost_share,
    CASE WHEN verdicts.verdict = 'finding' THEN verdicts.target END AS target,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_observed': verdicts.hours_observed,
        'load_percent_at_quantile': verdicts.load_percent,
        'memory_percent_max': verdicts.memory_percent_max,
        'headroom_percent': CAST($headroom_percent AS DOUBLE),
        'instance_type': verdicts.instance_type,
        'instance_count': verdicts.instance_count,
        'floor_count': verdicts.floor_count,
        'needed_count': verdicts.needed_count,
        'hourly_list_price': verdicts.list_price,
        'target_hourly_list_price': verdicts.target_list_price
    } AS evidence
FROM verdicts
