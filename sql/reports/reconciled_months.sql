-- Every billing month of every bill: what was delivered, what was left out, what charges and daily costs hold, and how many of its rows
-- of quality.reconciliation (accounts and charge types) differ in cost or in line items.
SELECT
    currency,
    source,
    coalesce(billing_month, substr(period, 1, 7)) AS billing_month,
    sum(delivered_rows) AS delivered_rows,
    sum(left_out_rows) AS left_out_rows,
    sum(core_rows) AS core_rows,
    sum(daily_rows) AS daily_rows,
    sum(delivered_cost) AS delivered_cost,
    sum(left_out_cost) AS left_out_cost,
    sum(core_cost) AS core_cost,
    sum(daily_cost) AS daily_cost,
    sum(difference) AS difference,
    count(*) FILTER (
        difference <> 0 OR core_rows <> delivered_rows - left_out_rows OR daily_rows <> delivered_rows - left_out_rows
    ) AS differing
FROM quality.reconciliation
GROUP BY currency, source, coalesce(billing_month, substr(period, 1, 7))
ORDER BY currency ASC, source ASC, billing_month DESC
