-- Interface endpoints through which no byte passed.
WITH endpoints AS (
    SELECT
        resource.*,
        resource.attributes['endpoint_kind'] AS endpoint_kind,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'vpc_endpoint'
),

traffic AS (
    SELECT
        day.provider,
        day.account_id,
        day.resource_id,
        max(day.total) / 1e6 AS megabytes_per_day_max,
        sum(day.hours_observed) AS hours_observed
    FROM usage.resource_day AS day
    WHERE
        day.metric = 'network_bytes'
        AND day.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND day.usage_date < CAST($as_of AS DATE)
    GROUP BY day.provider, day.account_id, day.resource_id
),

billed AS (
    -- The bill counts every byte too: hours without bytes prove as much as a metric does.
    SELECT
        daily.ProviderName AS provider,
        daily.SubAccountId AS account_id,
        daily.ResourceId AS resource_id,
        count(DISTINCT daily.usage_date) AS days_billed,
        sum(CASE WHEN daily.x_usage_type LIKE 'VpcEndpoint%Bytes' THEN daily.consumed_quantity ELSE 0 END) AS gigabytes_billed
    FROM core.daily_cost AS daily
    WHERE
        daily.x_pool = 'usage'
        AND (daily.x_usage_type LIKE 'VpcEndpoint%Hours' OR daily.x_usage_type LIKE 'VpcEndpoint%Bytes')
        AND daily.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND daily.usage_date < CAST($as_of AS DATE)
    GROUP BY daily.ProviderName, daily.SubAccountId, daily.ResourceId
),

measured AS (
    SELECT
        endpoint.*,
        traffic.megabytes_per_day_max,
        coalesce(traffic.hours_observed, 0) AS hours_observed,
        24 * CAST($look_back_days AS INTEGER) AS hours_expected,
        coalesce(billed.days_billed, 0) AS days_billed,
        billed.gigabytes_billed
    FROM endpoints AS endpoint
    LEFT JOIN traffic
        ON
            endpoint.provider = traffic.provider
            AND endpoint.account_id = traffic.account_id
            AND endpoint.resource_id = traffic.resource_id
    LEFT JOIN billed
        ON
            endpoint.provider = billed.provider
            AND endpoint.account_id = billed.account_id
            AND endpoint.resource_id = billed.resource_id
),

verdicts AS (
    SELECT
        measured.*,
        CASE
            WHEN measured.is_inventoried_type AND NOT measured.is_in_inventory THEN 'gone'
            WHEN measured.state IN ('deleting', 'deleted', 'failed', 'rejected', 'expired') THEN 'gone'
            WHEN measured.endpoint_kind = 'gateway' THEN 'free_of_charge'
            WHEN measured.megabytes_per_day_max > $megabytes_per_day THEN 'busy'
            WHEN measured.gigabytes_billed * 1000 > $megabytes_per_day * $look_back_days THEN 'busy'
            WHEN measured.age_days < $look_back_days THEN 'too_young'
            WHEN measured.currency IS NOT NULL AND measured.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN measured.days_billed >= $look_back_days THEN 'finding'
            WHEN measured.hours_observed = 0 THEN 'no_metric'
            WHEN measured.hours_observed * 100 < measured.hours_expected * $minimum_coverage_percent THEN 'gaps'
            ELSE 'finding'
        END AS verdict
    FROM measured
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.is_in_inventory THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.is_in_inventory THEN 'No byte passed in the whole window, and the inventory lists the endpoint'
        ELSE 'No byte passed in the whole window, but no inventory confirms that the endpoint still exists'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': verdicts.hours_expected,
        'hours_observed': verdicts.hours_observed,
        'megabytes_per_day_max': verdicts.megabytes_per_day_max,
        'megabytes_per_day_threshold': CAST($megabytes_per_day AS DOUBLE),
        'days_billed': verdicts.days_billed,
        'gigabytes_billed': CAST(verdicts.gigabytes_billed AS DOUBLE),
        'age_days': verdicts.age_days,
        'state': verdicts.state,
        'endpoint_kind': verdicts.endpoint_kind
    } AS evidence
FROM verdicts
