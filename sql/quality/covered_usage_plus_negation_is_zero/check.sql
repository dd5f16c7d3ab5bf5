-- Savings Plans whose covered usage and negation rows do not cancel out within 0.01 of a currency unit a month, over all bills of a payer.
SELECT
    min(x_source) AS x_source,
    strftime(BillingPeriodStart, '%Y-%m') AS x_period,
    BillingAccountId,
    CommitmentDiscountId,
    BillingCurrency,
    sum(CASE WHEN x_charge_type = 'SavingsPlanCoveredUsage' THEN BilledCost ELSE 0 END) AS covered_cost,
    sum(CASE WHEN x_charge_type = 'SavingsPlanNegation' THEN BilledCost ELSE 0 END) AS negation_cost
FROM core.daily_cost
WHERE x_charge_type IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation')
GROUP BY BillingPeriodStart, BillingAccountId, CommitmentDiscountId, BillingCurrency
HAVING abs(sum(BilledCost)) > 0.01
ORDER BY x_source, x_period, CommitmentDiscountId
