-- Accounts and charge types whose delivered rows or costs, those left out on purpose apart, are not those of the charges and of the days.
SELECT
    source,
    period,
    billing_account_id,
    sub_account_id,
    billing_month,
    currency,
    charge_type,
    delivered_cost - left_out_cost AS delivered_cost,
    core_cost,
    daily_cost,
    delivered_rows - left_out_rows AS delivered_rows,
    core_rows,
    daily_rows
FROM quality.reconciliation
WHERE
    difference <> 0
    OR delivered_rows - left_out_rows <> core_rows
    OR delivered_rows - left_out_rows <> daily_rows
ORDER BY source, period, billing_account_id, sub_account_id, billing_month, currency, charge_type
