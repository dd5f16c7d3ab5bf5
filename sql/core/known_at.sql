-- What the night $known_at knew of the days before $days_before, per currency.
SELECT
    BillingCurrency,
    sum(BilledCost) AS billed_cost,
    sum(EffectiveCost) AS effective_cost
FROM core.known_costs
WHERE usage_date < $days_before AND known_from <= $known_at AND (known_until IS NULL OR known_until > $known_at)
GROUP BY BillingCurrency
ORDER BY BillingCurrency
