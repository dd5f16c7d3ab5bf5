-- The hourly points of all series on one day, with noise of a tenth that is the same for the same hour of the same series.
WITH levels AS (
    SELECT
        series.account_id,
        series.resource_id,
        series.metric,
        hours.hour,
        round(
            CASE WHEN hours.hour BETWEEN 7 AND 18 THEN series.day_level ELSE series.night_level END
            * (0.9 + hash(series.resource_id, series.metric, hours.hour, $day) % 1000 / 5000),
            1
        ) AS level
    FROM series
    CROSS JOIN range(24) AS hours (hour)
)

SELECT
    'AWS' AS provider,
    levels.account_id,
    levels.resource_id,
    levels.metric,
    CAST($day AS TIMESTAMP) + to_hours(CAST(levels.hour AS INTEGER)) AS observed_at,
    levels.level AS average,
    round(levels.level * 1.2, 1) AS maximum,
    round(levels.level * 1.1, 1) AS p95,
    CASE WHEN regexp_matches(levels.metric, '(bytes|operations|invocations|credits)$') THEN levels.level * 3600 END AS total,
    CAST(12 AS BIGINT) AS sample_count
FROM levels
ORDER BY levels.resource_id, levels.metric, levels.hour
