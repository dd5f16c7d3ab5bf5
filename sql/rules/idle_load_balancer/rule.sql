-- Load balancers that nobody sends anything to, or that nothing stands behind.
WITH balancers AS (
    SELECT
        resource.*,
        TRY_CAST(resource.attributes['target_count'] AS INTEGER) AS target_count,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'load_balancer'
),

traffic AS (
    SELECT
        day.provider,
        day.account_id,
        day.resource_id,
        max(CASE WHEN day.metric = 'invocations' THEN day.total END) AS requests_per_day_max,
        max(CASE WHEN day.metric = 'network_bytes' THEN day.total END) / 1e6 AS megabytes_per_day_max,
        count(DISTINCT day.usage_date) AS days_observed
    FROM usage.resource_day AS day
    WHERE
        day.metric IN ('invocations', 'network_bytes')
        AND day.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND day.usage_date < CAST($as_of AS DATE)
    GROUP BY day.provider, day.account_id, day.resource_id
),

billed AS (
    SELECT
        daily.ProviderName AS provider,
        daily.SubAccountId AS account_id,
        daily.ResourceId AS resource_id,
        count(DISTINCT CASE WHEN daily.x_usage_type LIKE '%LoadBalancerUsage' THEN daily.usage_date END) AS days_billed,
        sum(CASE WHEN daily.x_usage_type LIKE '%LCUUsage' THEN daily.consumed_quantity ELSE 0 END) AS capacity_units
    FROM core.daily_cost AS daily
    WHERE
        daily.x_pool = 'usage'
        AND (daily.x_usage_type LIKE '%LoadBalancerUsage' OR daily.x_usage_type LIKE '%LCUUsage')
        AND daily.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND daily.usage_date < CAST($as_of AS DATE)
    GROUP BY daily.ProviderName, daily.SubAccountId, daily.ResourceId
),

verdicts AS (
    SELECT
        balancer.*,
        traffic.requests_per_day_max,
        traffic.megabytes_per_day_max,
        coalesce(traffic.days_observed, 0) AS days_observed,
        coalesce(billed.days_billed, 0) AS days_billed,
        billed.capacity_units,
        CASE
            WHEN balancer.is_inventoried_type AND NOT balancer.is_in_inventory THEN 'gone'
            WHEN balancer.age_days < $look_back_days THEN 'too_young'
            WHEN balancer.currency IS NOT NULL AND balancer.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN balancer.target_count = 0 THEN 'finding'
            WHEN traffic.requests_per_day_max >= $requests_per_day THEN 'busy'
            WHEN traffic.megabytes_per_day_max >= $megabytes_per_day THEN 'busy'
            WHEN billed.capacity_units > $capacity_units_per_day * $look_back_days THEN 'busy'
            WHEN traffic.days_observed >= $look_back_days OR billed.days_billed >= $look_back_days THEN 'finding'
            WHEN traffic.days_observed > 0 THEN 'gaps'
            ELSE 'no_metric'
        END AS verdict
    FROM balancers AS balancer
    LEFT JOIN traffic
        ON
            balancer.provider = traffic.provider
            AND balancer.account_id = traffic.account_id
            AND balancer.resource_id = traffic.resource_id
    LEFT JOIN billed
        ON
            balancer.provider = billed.provider
            AND balancer.account_id = billed.account_id
            AND balancer.resource_id = billed.resource_id
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.target_count = 0 THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.target_count = 0 THEN 'Nothing stands behind it'
        ELSE 'Nobody sends anything, but it may stand by'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'days_observed': verdicts.days_observed,
        'days_billed': verdicts.days_billed,
        'requests_per_day_max': verdicts.requests_per_day_max,
        'requests_per_day_threshold': CAST($requests_per_day AS DOUBLE),
        'megabytes_per_day_max': verdicts.megabytes_per_day_max,
        'megabytes_per_day_threshold': CAST($megabytes_per_day AS DOUBLE),
        'capacity_units_billed': verdicts.capacity_units,
        'target_count': verdicts.target_count,
        'age_days': verdicts.age_days,
        'state': verdicts.state
    } AS evidence
FROM verdicts
