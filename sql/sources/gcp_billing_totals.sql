-- Control totals of one delivered partition of the GCP billing export: cost plus credits, each cast before it is added.
SELECT
    rows_as_delivered.billing_account_id,
    rows_as_delivered.project.id AS sub_account_id,
    rows_as_delivered.currency,
    rows_as_delivered.cost_type AS charge_type,
    COUNT(*) AS row_count,
    COALESCE(SUM(
        COALESCE(CAST(rows_as_delivered.cost AS DECIMAL(38, 12)), 0)
        + COALESCE(LIST_SUM(LIST_TRANSFORM(rows_as_delivered.credits, LAMBDA credit: CAST(credit.amount AS DECIMAL(38, 12)))), 0)
    ), 0) AS billed_cost
FROM READ_PARQUET($files, union_by_name = TRUE, hive_partitioning = FALSE) AS rows_as_delivered
GROUP BY
    rows_as_delivered.billing_account_id, rows_as_delivered.project.id, rows_as_delivered.currency, rows_as_delivered.cost_type
