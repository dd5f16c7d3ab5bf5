-- Control totals of one delivered Cost and Usage Report, summed over its files as they are.
SELECT
    CAST(bill_payer_account_id AS VARCHAR) AS billing_account_id,
    CAST(line_item_usage_account_id AS VARCHAR) AS sub_account_id,
    CAST(line_item_currency_code AS VARCHAR) AS currency,
    CAST(line_item_line_item_type AS VARCHAR) AS charge_type,
    COUNT(*) AS row_count,
    COALESCE(SUM(CAST(line_item_unblended_cost AS DECIMAL(38, 12))), 0) AS billed_cost
FROM READ_PARQUET($files, union_by_name = TRUE, hive_partitioning = FALSE)
GROUP BY bill_payer_account_id, line_item_usage_account_id, line_item_currency_code, line_item_line_item_type
