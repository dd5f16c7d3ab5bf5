-- Every day of loading of an export, with what tells its versions apart: nothing is ever updated, so the time of export only grows.
-- sqlfluff:dialect:bigquery
SELECT
    DATE(loaded_at_column) AS load_day,
    MAX(exported_at_column) AS newest_export_time,
    COUNT(*) AS row_count
FROM `billing_export`
WHERE loaded_at_column < @as_of
GROUP BY load_day
ORDER BY load_day
