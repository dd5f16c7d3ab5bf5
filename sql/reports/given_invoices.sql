-- The invoice totals that the user gave, beside the bills: the newest month first.
SELECT
    currency,
    file_line,
    billing_account_id,
    billing_month,
    invoice_id,
    source,
    invoice_cost,
    billed_cost,
    difference
FROM quality.invoices
ORDER BY currency ASC, billing_month DESC, file_line ASC
