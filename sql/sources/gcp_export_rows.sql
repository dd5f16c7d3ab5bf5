-- One day of an export up to the time of export that its version names; the columns are named by the source.
-- sqlfluff:dialect:bigquery
SELECT selected_columns
FROM `billing_export`
WHERE
    loaded_at_column >= @first_instant
    AND loaded_at_column < @next_day
    AND exported_at_column <= @newest_export_time
