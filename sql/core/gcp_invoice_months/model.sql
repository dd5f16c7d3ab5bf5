-- What Google invoices per billing account and month: invoice.month is the only key that ties to an invoice, whatever month the usage was
-- in. Promotions are a way of paying, so they stand apart from discounts. The parts add up to the total.
SELECT
    billing_account_id AS BillingAccountId,
    invoice_month AS InvoiceId,
    currency AS BillingCurrency,
    sum(CASE WHEN cost_type IN ('tax', 'adjustment', 'rounding_error') THEN 0 ELSE cost END) AS cost,
    sum(commitment_credits + fee_offset_credits + discount_credits + promotion_credits) AS credits,
    sum(commitment_credits + fee_offset_credits + discount_credits) AS discounts,
    sum(promotion_credits) AS promotions,
    sum(CASE WHEN cost_type = 'tax' THEN cost ELSE 0 END) AS tax,
    sum(CASE WHEN cost_type IN ('adjustment', 'rounding_error') THEN cost ELSE 0 END) AS adjustments,
    sum(cost + commitment_credits + fee_offset_credits + discount_credits + promotion_credits) AS total
FROM raw.gcp_billing
GROUP BY billing_account_id, invoice_month, currency
