-- Hours without compute usage of an account that had some at the same hour of the week before, and had some again later. Hours are UTC,
-- so no hour of the year is missing or double by daylight saving; bills by the day have one hour a day and are judged by that one.
WITH hours AS (
    SELECT DISTINCT
        hourly_usage.x_source,
        coalesce(hourly_usage.SubAccountId, '') AS account,
        hourly_usage.usage_hour
    FROM core.hourly_usage
    WHERE hourly_usage.usage_hour >= $as_of - CAST($judged_days + 28 AS INTEGER) AND hourly_usage.usage_hour < $as_of
),

accounts AS (
    SELECT
        hours.x_source,
        hours.account,
        max(hours.usage_hour) AS latest_hour
    FROM hours
    GROUP BY hours.x_source, hours.account
),

usual AS (
    SELECT
        hours.x_source,
        hours.account,
        hours.usage_hour + weeks.n * INTERVAL 7 DAYS AS usage_hour
    FROM hours
    CROSS JOIN (VALUES (1), (2), (3), (4)) AS weeks (n)
    GROUP BY hours.x_source, hours.account, hours.usage_hour + weeks.n * INTERVAL 7 DAYS
    HAVING count(*) >= $min_weeks
)

SELECT
    usual.x_source,
    usual.account,
    CAST(usual.usage_hour AS DATE) AS usage_date,
    count(*) AS missing_hours,
    min(usual.usage_hour) AS first_hour,
    max(usual.usage_hour) AS last_hour
FROM usual
INNER JOIN accounts ON usual.x_source = accounts.x_source AND usual.account = accounts.account
LEFT JOIN hours ON usual.x_source = hours.x_source AND usual.account = hours.account AND usual.usage_hour = hours.usage_hour
WHERE
    hours.usage_hour IS NULL
    AND usual.usage_hour >= $as_of - CAST($judged_days AS INTEGER)
    AND usual.usage_hour < accounts.latest_hour
    AND usual.usage_hour < $as_of - CAST($settling_days AS INTEGER)
GROUP BY usual.x_source, usual.account, CAST(usual.usage_hour AS DATE)
ORDER BY usual.x_source, usual.account, CAST(usual.usage_hour AS DATE)
