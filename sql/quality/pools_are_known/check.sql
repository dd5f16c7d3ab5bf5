-- Charges of types that nobody has described yet, with their dollars.
SELECT
    x_source,
    x_period,
    x_charge_type,
    BillingCurrency,
    sum(charge_count) AS charge_count,
    sum(BilledCost) AS billed_cost
FROM core.daily_cost
WHERE x_pool = 'unclassified'
GROUP BY x_source, x_period, x_charge_type, BillingCurrency
ORDER BY x_source, x_period, x_charge_type
