-- How much of every bill was compared: periods as delivered, and accounts.
SELECT
    currency,
    source,
    count(DISTINCT period) AS period_count,
    count(DISTINCT coalesce(sub_account_id, billing_account_id)) AS account_count
FROM quality.reconciliation
GROUP BY currency, source
ORDER BY currency, source
