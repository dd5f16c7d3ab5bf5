-- Net savings of a night's plan per currency.
SELECT
    currency,
    sum(net_savings) AS net_savings
FROM results.plan
WHERE as_of = $night
GROUP BY currency
ORDER BY currency
