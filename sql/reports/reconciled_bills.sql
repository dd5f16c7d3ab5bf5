-- How much of every bill was compared: whose charges it has, periods as delivered, and accounts; taxes of GCP belong to none.
SELECT
    currency,
    source,
    string_agg(DISTINCT provider, ', ' ORDER BY provider) AS providers,
    count(DISTINCT period) AS period_count,
    CASE
        WHEN count(sub_account_id) > 0 THEN count(DISTINCT sub_account_id)
        ELSE count(DISTINCT billing_account_id)
    END AS account_count
FROM quality.reconciliation
GROUP BY currency, source
ORDER BY currency, source
