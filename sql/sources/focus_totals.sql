-- Control totals of one delivered FOCUS file. Providers may write times and amounts as texts, and the text NULL for no value; the types
-- have been looked at before. The empty row in front gives columns to files that lack them.
WITH charges AS (
    SELECT
        CAST(NULL AS VARCHAR) AS SubAccountId,
        CAST(NULL AS VARCHAR) AS InvoiceId
    WHERE FALSE
    UNION ALL BY NAME
    SELECT * FROM READ_PARQUET($files, union_by_name = TRUE, hive_partitioning = FALSE)
),

read_charges AS (
    SELECT
        NULLIF(NULLIF(CAST(BillingAccountId AS VARCHAR), ''), 'NULL') AS billing_account_id,
        NULLIF(NULLIF(CAST(SubAccountId AS VARCHAR), ''), 'NULL') AS sub_account_id,
        NULLIF(NULLIF(CAST(InvoiceId AS VARCHAR), ''), 'NULL') AS invoice_id,
        NULLIF(NULLIF(BillingCurrency, ''), 'NULL') AS currency,
        NULLIF(NULLIF(ChargeCategory, ''), 'NULL') AS charge_type,
        -- By way of TIMESTAMPTZ, since a text may have an offset from UTC.
        CAST(CAST(NULLIF(NULLIF(CAST(BillingPeriodStart AS VARCHAR), ''), 'NULL') AS TIMESTAMPTZ) AS TIMESTAMP) AS billing_period_start,
        CAST(CAST(NULLIF(NULLIF(CAST(ChargePeriodStart AS VARCHAR), ''), 'NULL') AS TIMESTAMPTZ) AS DATE) AS charged_on,
        -- As costsieve.money.exact_decimal reads amounts.
        COALESCE(
            CASE
                WHEN ABS(TRY_CAST(BilledCost AS DOUBLE)) >= 4096 THEN TRY_CAST(CAST(BilledCost AS VARCHAR) AS DECIMAL(38, 12))
                ELSE TRY_CAST(BilledCost AS DECIMAL(38, 12))
            END, 0
        ) AS billed_cost
    FROM charges
)

SELECT
    billing_account_id,
    sub_account_id,
    STRFTIME(billing_period_start, '%Y-%m') AS billing_month,
    invoice_id,
    currency,
    charge_type,
    COUNT(*) AS row_count,
    SUM(billed_cost) AS billed_cost,
    MIN(charged_on) AS first_usage_on,
    MAX(charged_on) AS last_usage_on
FROM read_charges
GROUP BY billing_account_id, sub_account_id, billing_period_start, invoice_id, currency, charge_type
