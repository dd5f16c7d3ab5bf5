-- Invoices for which no bill is loaded.
SELECT
    file_line,
    source,
    provider,
    billing_account_id,
    billing_month AS period,
    invoice_id,
    currency,
    invoice_cost
FROM quality.invoices
WHERE billed_cost IS NULL
ORDER BY file_line
