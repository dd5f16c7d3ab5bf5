-- Savings Plans whose amortised cost is not what was used plus what was not, within 0.01 of a currency unit a month.
-- A plan and what it covers may be in different bills of one payer, so all bills that are counted are compared together, up to the day
-- before the last one that each of them has. Where no bill has the fee, as with a member's own export alone, there is nothing to compare.
WITH bills AS (
    SELECT
        x_source,
        BillingAccountId,
        BillingPeriodStart,
        max(usage_date) AS last_usage_on
    FROM core.daily_cost
    WHERE ProviderName = 'AWS' AND (x_pool = 'usage' OR x_charge_type = 'SavingsPlanRecurringFee')
    GROUP BY x_source, BillingAccountId, BillingPeriodStart
),

payer_months AS (
    SELECT
        BillingAccountId,
        BillingPeriodStart,
        count(*) AS bill_count,
        min(last_usage_on) AS last_common_day
    FROM bills
    GROUP BY BillingAccountId, BillingPeriodStart
)

SELECT
    min(CASE WHEN daily_cost.x_charge_type = 'SavingsPlanRecurringFee' THEN daily_cost.x_source END) AS x_source,
    strftime(daily_cost.BillingPeriodStart, '%Y-%m') AS x_period,
    daily_cost.BillingAccountId,
    daily_cost.CommitmentDiscountId,
    daily_cost.BillingCurrency,
    sum(daily_cost.x_commitment_cost) AS commitment_cost,
    sum(CASE WHEN daily_cost.x_charge_type = 'SavingsPlanRecurringFee' THEN 0 ELSE daily_cost.EffectiveCost END) AS used_cost,
    sum(CASE WHEN daily_cost.x_charge_type = 'SavingsPlanRecurringFee' THEN daily_cost.EffectiveCost ELSE 0 END) AS unused_cost
FROM core.daily_cost
INNER JOIN payer_months
    ON
        daily_cost.BillingAccountId = payer_months.BillingAccountId
        AND daily_cost.BillingPeriodStart = payer_months.BillingPeriodStart
WHERE
    daily_cost.ProviderName = 'AWS'
    -- Covered usage has a name of its own in a FOCUS bill.
    AND (daily_cost.x_charge_type IN ('SavingsPlanRecurringFee', 'SavingsPlanCoveredUsage') OR daily_cost.x_charge_kind = 'covered usage')
    AND (payer_months.bill_count = 1 OR daily_cost.usage_date < payer_months.last_common_day)
GROUP BY daily_cost.BillingPeriodStart, daily_cost.BillingAccountId, daily_cost.CommitmentDiscountId, daily_cost.BillingCurrency
HAVING
    sum(CASE WHEN daily_cost.x_charge_type = 'SavingsPlanRecurringFee' THEN 1 ELSE 0 END) > 0
    AND abs(sum(daily_cost.x_commitment_cost) - sum(daily_cost.EffectiveCost)) > 0.01
ORDER BY x_source, x_period, daily_cost.CommitmentDiscountId
