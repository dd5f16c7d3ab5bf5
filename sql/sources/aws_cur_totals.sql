-- Control totals of one delivered Cost and Usage Report, summed over its files as they are. Rows of split cost allocation describe the
-- charge of their instance once more and are no charges. An export may lack the operation and the invoice:
-- the empty row in front gives it the columns. Amounts are read as costsieve.money.exact_decimal reads them.
WITH line_items AS (
    SELECT
        CAST(NULL AS VARCHAR) AS line_item_operation,
        CAST(NULL AS VARCHAR) AS bill_invoice_id
    WHERE FALSE
    UNION ALL BY NAME
    SELECT * FROM READ_PARQUET($files, union_by_name = TRUE, hive_partitioning = FALSE)
)

SELECT
    CAST(bill_payer_account_id AS VARCHAR) AS billing_account_id,
    CAST(line_item_usage_account_id AS VARCHAR) AS sub_account_id,
    STRFTIME(CAST(bill_billing_period_start_date AS TIMESTAMP), '%Y-%m') AS billing_month,
    NULLIF(bill_invoice_id, '') AS invoice_id,
    CAST(line_item_currency_code AS VARCHAR) AS currency,
    CAST(line_item_line_item_type AS VARCHAR) AS charge_type,
    COUNT(*) AS row_count,
    COALESCE(SUM(
        CASE
            WHEN ABS(CAST(line_item_unblended_cost AS DOUBLE)) >= 4096
                THEN CAST(CAST(line_item_unblended_cost AS VARCHAR) AS DECIMAL(38, 12))
            ELSE CAST(line_item_unblended_cost AS DECIMAL(38, 12))
        END
    ), 0) AS billed_cost,
    CAST(CAST(MIN(line_item_usage_start_date) AS TIMESTAMP) AS DATE) AS first_usage_on,
    CAST(CAST(MAX(line_item_usage_start_date) AS TIMESTAMP) AS DATE) AS last_usage_on
FROM line_items
WHERE line_item_operation IS NULL OR line_item_operation NOT IN ('EKSPod-EC2', 'ECSTask-EC2')
GROUP BY
    bill_payer_account_id,
    line_item_usage_account_id,
    bill_billing_period_start_date,
    bill_invoice_id,
    line_item_currency_code,
    line_item_line_item_type
