-- Every currency that the bills or the night's results speak of, the busiest first.
WITH spoken AS (
    SELECT
        BillingCurrency AS currency,
        charge_count
    FROM core.daily_cost
    UNION ALL
    SELECT
        currency,
        0 AS charge_count
    FROM results.findings
    WHERE as_of = $as_of
    UNION ALL
    SELECT
        currency,
        0 AS charge_count
    FROM results.plan
    WHERE as_of = $as_of
)

SELECT currency
FROM spoken
GROUP BY currency
ORDER BY sum(charge_count) DESC, currency ASC
