-- Kinds of compute usage whose hours do not add up to the days of the same kind.
WITH hourly AS (
    SELECT
        x_source,
        x_period,
        coalesce(SubAccountId, '') AS sub_account,
        BillingCurrency,
        coalesce(x_usage_type, '') AS usage_type,
        coalesce(PricingCategory, '') AS pricing_category,
        CAST(usage_hour AS DATE) AS usage_date,
        sum(BilledCost) AS hourly_cost,
        sum(consumed_quantity) AS hourly_quantity
    FROM core.hourly_usage
    GROUP BY x_source, x_period, SubAccountId, BillingCurrency, x_usage_type, PricingCategory, CAST(usage_hour AS DATE)
),

daily AS (
    SELECT
        x_source,
        x_period,
        coalesce(SubAccountId, '') AS sub_account,
        BillingCurrency,
        coalesce(x_usage_type, '') AS usage_type,
        coalesce(PricingCategory, '') AS pricing_category,
        usage_date,
        sum(BilledCost) AS daily_cost,
        sum(consumed_quantity) AS daily_quantity
    FROM core.daily_cost
    WHERE x_pool = 'usage'
    GROUP BY x_source, x_period, SubAccountId, BillingCurrency, x_usage_type, PricingCategory, usage_date
)

SELECT
    hourly.*,
    daily.daily_cost,
    daily.daily_quantity
FROM hourly
LEFT JOIN daily
    ON
        hourly.x_source = daily.x_source
        AND hourly.x_period = daily.x_period
        AND hourly.sub_account = daily.sub_account
        AND hourly.BillingCurrency = daily.BillingCurrency
        AND hourly.usage_type = daily.usage_type
        AND hourly.pricing_category = daily.pricing_category
        AND hourly.usage_date = daily.usage_date
WHERE
    daily.daily_cost IS NULL
    OR hourly.hourly_cost <> daily.daily_cost
    OR hourly.hourly_quantity <> daily.daily_quantity
ORDER BY hourly.x_source, hourly.x_period, hourly.usage_type, hourly.usage_date
