-- Sources of which charges are left out because another source delivers the same accounts.
SELECT
    source,
    kept_source,
    billing_account_id,
    billing_month AS period,
    currency,
    count(DISTINCT coalesce(sub_account_id, '')) AS accounts,
    sum(row_count) AS left_out_rows,
    sum(billed_cost) AS left_out_cost
FROM meta.duplicate_charges
GROUP BY source, kept_source, billing_account_id, billing_month, currency
ORDER BY source, kept_source, billing_account_id, billing_month, currency
