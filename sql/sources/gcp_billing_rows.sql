-- One partition of a billing export up to the export_time that its version names; the columns are named by the source.
-- sqlfluff:dialect:bigquery
SELECT selected_columns
FROM `billing_export`
WHERE _PARTITIONTIME = @partition_time AND export_time <= @newest_export_time
