-- Control totals of one delivered partition of the GCP billing export: cost plus credits, each cast before it is added, and read as
-- costsieve.money.exact_decimal reads amounts.
SELECT
    rows_as_delivered.billing_account_id,
    rows_as_delivered.project.id AS sub_account_id,
    CONCAT(SUBSTR(rows_as_delivered.invoice.month, 1, 4), '-', SUBSTR(rows_as_delivered.invoice.month, 5, 2)) AS billing_month,
    CAST(NULL AS VARCHAR) AS invoice_id,
    rows_as_delivered.currency,
    rows_as_delivered.cost_type AS charge_type,
    COUNT(*) AS row_count,
    COALESCE(SUM(
        COALESCE(
            CASE
                WHEN ABS(CAST(rows_as_delivered.cost AS DOUBLE)) >= 4096
                    THEN CAST(CAST(rows_as_delivered.cost AS VARCHAR) AS DECIMAL(38, 12))
                ELSE CAST(rows_as_delivered.cost AS DECIMAL(38, 12))
            END, 0
        )
        + COALESCE(LIST_SUM(LIST_TRANSFORM(rows_as_delivered.credits, LAMBDA credit: CASE
            WHEN ABS(CAST(credit.amount AS DOUBLE)) >= 4096 THEN CAST(CAST(credit.amount AS VARCHAR) AS DECIMAL(38, 12))
            ELSE CAST(credit.amount AS DECIMAL(38, 12))
        END)), 0)
    ), 0) AS billed_cost,
    CAST(CAST(MIN(rows_as_delivered.usage_start_time) AS TIMESTAMP) AS DATE) AS first_usage_on,
    CAST(CAST(MAX(rows_as_delivered.usage_start_time) AS TIMESTAMP) AS DATE) AS last_usage_on
FROM READ_PARQUET($files, union_by_name = TRUE, hive_partitioning = FALSE) AS rows_as_delivered
GROUP BY
    rows_as_delivered.billing_account_id,
    rows_as_delivered.project.id,
    rows_as_delivered.invoice.month,
    rows_as_delivered.currency,
    rows_as_delivered.cost_type
