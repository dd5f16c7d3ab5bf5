-- Services with usage on nearly every day of the weeks before they stopped, days before the latest usage of the same bill.
WITH days AS (
    SELECT
        daily_cost.x_source,
        daily_cost.ServiceName,
        daily_cost.BillingCurrency,
        daily_cost.usage_date,
        sum(daily_cost.EffectiveCost) AS daily_cost
    FROM core.daily_cost
    WHERE
        daily_cost.x_pool = 'usage'
        AND daily_cost.usage_date < $as_of
        AND daily_cost.usage_date >= $as_of - CAST($pattern_days + $reported_days + $max_days + 7 AS INTEGER)
    GROUP BY daily_cost.x_source, daily_cost.ServiceName, daily_cost.BillingCurrency, daily_cost.usage_date
),

bills AS (
    SELECT
        days.x_source,
        max(days.usage_date) AS bill_latest
    FROM days
    GROUP BY days.x_source
),

services AS (
    SELECT
        days.x_source,
        days.ServiceName,
        days.BillingCurrency,
        max(days.usage_date) AS service_latest
    FROM days
    GROUP BY days.x_source, days.ServiceName, days.BillingCurrency
)

SELECT
    services.x_source,
    services.ServiceName,
    services.service_latest AS latest_usage_date,
    bills.bill_latest AS bill_goes_on_to,
    CAST(sum(days.daily_cost) / count(*) AS DECIMAL(18, 2)) AS usual_daily_cost,
    services.BillingCurrency
FROM services
INNER JOIN bills ON services.x_source = bills.x_source
INNER JOIN days
    ON
        services.x_source = days.x_source
        AND services.ServiceName = days.ServiceName
        AND services.BillingCurrency = days.BillingCurrency
        AND days.usage_date > services.service_latest - CAST($pattern_days AS INTEGER)
WHERE
    date_diff('day', services.service_latest, bills.bill_latest) > $max_days
    AND date_diff('day', services.service_latest, bills.bill_latest) <= $reported_days
GROUP BY services.x_source, services.ServiceName, services.BillingCurrency, services.service_latest, bills.bill_latest
HAVING count(*) >= $pattern_days * $min_active_share AND sum(days.daily_cost) >= $min_daily_cost * count(*)
ORDER BY services.x_source, services.ServiceName
