-- Hours of the last 14 days, the window of most rules, that were delivered more than once.
SELECT
    hour.provider,
    hour.resource_id,
    hour.metric,
    hour.observed_at,
    count(*) AS row_count
FROM usage.resource_hour AS hour
WHERE hour.observed_at >= $as_of - INTERVAL 14 DAYS AND hour.observed_at < $as_of
GROUP BY hour.provider, hour.resource_id, hour.metric, hour.observed_at
HAVING count(*) > 1
ORDER BY hour.provider, hour.resource_id, hour.metric, hour.observed_at
