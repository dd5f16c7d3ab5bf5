-- Bills whose latest usage lies more than $max_days days before $as_of; taxes and fees are dated ahead, so only usage counts.
SELECT
    daily_cost.x_source,
    max(daily_cost.usage_date) AS latest_usage_date,
    date_diff('day', max(daily_cost.usage_date), $as_of) AS days_old
FROM core.daily_cost
WHERE daily_cost.x_pool = 'usage' AND daily_cost.usage_date < $as_of
GROUP BY daily_cost.x_source
HAVING date_diff('day', max(daily_cost.usage_date), $as_of) > $max_days
ORDER BY daily_cost.x_source
