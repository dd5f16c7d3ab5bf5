-- One resource's metric series over a look-back, in a line a metric.
SELECT
    hour.metric,
    count(*) AS hours_observed,
    min(hour.observed_at) AS first_observed_at,
    max(hour.observed_at) AS last_observed_at,
    avg(hour.average) AS average,
    quantile_disc(hour.maximum, 0.995) AS maximum_p995,
    max(hour.maximum) AS maximum,
    sum(hour.total) AS total
FROM usage.resource_hour AS hour
WHERE
    hour.provider = $provider
    AND coalesce(CAST($account_id AS VARCHAR), hour.account_id, '') = coalesce(hour.account_id, CAST($account_id AS VARCHAR), '')
    AND hour.resource_id = $resource_id
    AND hour.observed_at >= CAST($window_start AS TIMESTAMP)
    AND hour.observed_at < CAST($window_end AS TIMESTAMP)
GROUP BY hour.metric
ORDER BY hour.metric
