-- How many hours of the day the compute usage of one source begins at: 24 in an hourly export.
SELECT count(DISTINCT date_part('hour', usage_hour)) AS hours_of_day
FROM core.hourly_usage
WHERE x_source = $source
