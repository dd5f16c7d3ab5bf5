-- Charges that two sources deliver: which source's were left out, and which are used instead.
SELECT
    currency,
    source,
    kept_source,
    count(DISTINCT coalesce(sub_account_id, billing_account_id)) AS account_count,
    min(billing_month) AS first_month,
    max(billing_month) AS last_month,
    sum(row_count) AS row_count,
    sum(billed_cost) AS billed_cost
FROM meta.duplicate_charges
GROUP BY currency, source, kept_source
ORDER BY currency ASC, billed_cost DESC, source ASC, kept_source ASC
