-- What was compared, for reconciliation.csv.
SELECT
    source,
    period,
    provider,
    billing_account_id,
    sub_account_id,
    billing_month,
    currency,
    charge_type,
    delivered_rows,
    left_out_rows,
    core_rows,
    daily_rows,
    delivered_cost,
    left_out_cost,
    core_cost,
    daily_cost,
    published_cost,
    difference
FROM quality.reconciliation
ORDER BY source, period, billing_account_id, sub_account_id, billing_month, currency, charge_type
