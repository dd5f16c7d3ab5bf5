-- Buckets that are paid for day after day while nobody reads or writes.
WITH bucket_charges AS (
    SELECT
        daily.ProviderName AS provider,
        daily.SubAccountId AS account_id,
        daily.ResourceId AS resource_id,
        daily.usage_date,
        daily.consumed_quantity,
        regexp_matches(daily.x_usage_type, '^Requests-(.+-)?Tier[12]$|Class [AB] Operations') AS is_request,
        regexp_matches(daily.x_usage_type, '(DataTransfer|AWS-|CloudFront).*Bytes$|Data Transfer|Download|Retrieval') AS is_transfer,
        daily.x_usage_type LIKE 'TimedStorage-%' OR daily.PricingUnit = 'gibibyte month' AS is_storage,
        regexp_matches(daily.x_usage_type, '^TimedStorage-(GDA|Glacier)|^Archive Storage') AS is_archive
    FROM core.daily_cost AS daily
    WHERE
        daily.x_pool = 'usage'
        AND daily.ResourceType = 'bucket'
        AND daily.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND daily.usage_date < CAST($as_of AS DATE)
),

bucket_days AS (
    SELECT
        bucket_charges.provider,
        bucket_charges.account_id,
        bucket_charges.resource_id,
        bucket_charges.usage_date,
        sum(CASE WHEN bucket_charges.is_request THEN bucket_charges.consumed_quantity ELSE 0 END) AS requests,
        sum(CASE WHEN bucket_charges.is_transfer THEN bucket_charges.consumed_quantity ELSE 0 END) * 1000 AS megabytes,
        bool_or(bucket_charges.is_storage) AS has_storage,
        bool_or(bucket_charges.is_storage AND NOT bucket_charges.is_archive) AS has_live_storage
    FROM bucket_charges
    GROUP BY bucket_charges.provider, bucket_charges.account_id, bucket_charges.resource_id, bucket_charges.usage_date
),

billed AS (
    SELECT
        bucket_days.provider,
        bucket_days.account_id,
        bucket_days.resource_id,
        CAST(max(bucket_days.requests) AS DOUBLE) AS requests_per_day_max,
        CAST(max(bucket_days.megabytes) AS DOUBLE) AS megabytes_per_day_max,
        count(CASE WHEN bucket_days.has_storage THEN 1 END) AS days_billed,
        bool_or(bucket_days.has_live_storage) AS has_live_storage
    FROM bucket_days
    GROUP BY bucket_days.provider, bucket_days.account_id, bucket_days.resource_id
),

measured AS (
    SELECT
        day.provider,
        day.account_id,
        day.resource_id,
        max(day.total) AS requests_per_day_max
    FROM usage.resource_day AS day
    WHERE
        day.metric = 'invocations'
        AND day.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND day.usage_date < CAST($as_of AS DATE)
    GROUP BY day.provider, day.account_id, day.resource_id
),

verdicts AS (
    SELECT
        bucket.*,
        billed.requests_per_day_max,
        billed.megabytes_per_day_max,
        measured.requests_per_day_max AS measured_requests_per_day_max,
        coalesce(billed.days_billed, 0) AS days_billed,
        date_diff('day', least(CAST(bucket.created_at AS DATE), bucket.first_charged_on), CAST($as_of AS DATE)) AS age_days,
        CASE
            WHEN bucket.is_inventoried_type AND NOT bucket.is_in_inventory THEN 'gone'
            WHEN bucket.currency IS NULL THEN 'uncharged'
            WHEN greatest(billed.requests_per_day_max, measured.requests_per_day_max) > $requests_per_day THEN 'busy'
            WHEN billed.megabytes_per_day_max > $megabytes_per_day THEN 'busy'
            WHEN bucket.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN billed.has_live_storage = FALSE AND days_billed > 0 THEN 'other'
            WHEN age_days < $look_back_days THEN 'too_young'
            WHEN days_billed * 100 < $look_back_days * $minimum_coverage_percent THEN 'gaps'
            ELSE 'finding'
        END AS verdict
    FROM usage.resources AS bucket
    LEFT JOIN billed
        ON
            bucket.provider = billed.provider
            AND bucket.account_id = billed.account_id
            AND bucket.resource_id = billed.resource_id
    LEFT JOIN measured
        ON
            bucket.provider = measured.provider
            AND bucket.account_id = measured.account_id
            AND bucket.resource_id = measured.resource_id
    WHERE bucket.resource_type = 'bucket'
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE WHEN verdicts.is_in_inventory THEN 'medium' ELSE 'low' END AS confidence,
    CASE
        WHEN verdicts.is_in_inventory THEN 'The bill charges no requests beyond those of inventories; data may still be kept on purpose'
        ELSE 'The bill charges no requests, but no inventory confirms that the bucket still exists'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'days_billed': verdicts.days_billed,
        'requests_per_day_max': verdicts.requests_per_day_max,
        'measured_requests_per_day_max': verdicts.measured_requests_per_day_max,
        'requests_per_day_threshold': CAST($requests_per_day AS DOUBLE),
        'megabytes_per_day_max': verdicts.megabytes_per_day_max,
        'megabytes_per_day_threshold': CAST($megabytes_per_day AS DOUBLE),
        'age_days': verdicts.age_days
    } AS evidence
FROM verdicts
