-- Invoices that differ from what the bills of their account and month add up to, by more than the rounding of the invoice.
SELECT
    file_line,
    source,
    billing_account_id,
    billing_month AS period,
    invoice_id,
    currency,
    invoice_cost,
    billed_cost,
    difference
FROM quality.invoices
WHERE difference <> 0
ORDER BY file_line
