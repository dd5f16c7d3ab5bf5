-- Every partition of a billing export, with what tells its versions apart: nothing is ever updated, so export_time only grows.
-- sqlfluff:dialect:bigquery
SELECT
    DATE(_PARTITIONTIME) AS partition_day,
    MAX(export_time) AS newest_export_time,
    COUNT(*) AS row_count
FROM `billing_export`
WHERE _PARTITIONTIME < @as_of
GROUP BY partition_day
ORDER BY partition_day
