-- Reservations whose amortised cost is not what was used plus what was not, within 0.01 of a currency unit a month: AWS rounds every row to
-- ten decimals. A reservation and what it covers may be in different bills of one payer, so all bills that are counted are compared
-- together. Where no bill has the fee, as with a member's own export alone, there is nothing to compare.
-- The fee row is for the whole month from its first day on: only complete months compare, two days after their end, when every bill of the
-- payer has their last day.
WITH bills AS (
    SELECT
        x_source,
        BillingAccountId,
        BillingPeriodStart,
        max(usage_date) AS last_usage_on
    FROM core.daily_cost
    WHERE ProviderName = 'AWS' AND x_pool = 'usage'
    GROUP BY x_source, BillingAccountId, BillingPeriodStart
),

complete_months AS (
    SELECT
        BillingAccountId,
        BillingPeriodStart
    FROM bills
    WHERE BillingPeriodStart + INTERVAL 1 MONTH + INTERVAL 2 DAYS <= $as_of
    GROUP BY BillingAccountId, BillingPeriodStart
    HAVING min(last_usage_on) + INTERVAL 1 DAY >= BillingPeriodStart + INTERVAL 1 MONTH
)

SELECT
    min(CASE WHEN daily_cost.x_charge_type = 'RIFee' THEN daily_cost.x_source END) AS x_source,
    strftime(daily_cost.BillingPeriodStart, '%Y-%m') AS x_period,
    daily_cost.BillingAccountId,
    daily_cost.CommitmentDiscountId,
    daily_cost.BillingCurrency,
    sum(daily_cost.x_commitment_cost) AS commitment_cost,
    sum(CASE WHEN daily_cost.x_charge_type = 'RIFee' THEN 0 ELSE daily_cost.EffectiveCost END) AS used_cost,
    sum(CASE WHEN daily_cost.x_charge_type = 'RIFee' THEN daily_cost.EffectiveCost ELSE 0 END) AS unused_cost
FROM core.daily_cost
INNER JOIN complete_months
    ON
        daily_cost.BillingAccountId = complete_months.BillingAccountId
        AND daily_cost.BillingPeriodStart = complete_months.BillingPeriodStart
WHERE
    daily_cost.ProviderName = 'AWS'
    -- Covered usage has a name of its own in a FOCUS bill.
    AND (daily_cost.x_charge_type IN ('RIFee', 'DiscountedUsage') OR daily_cost.x_charge_kind = 'covered usage')
GROUP BY daily_cost.BillingPeriodStart, daily_cost.BillingAccountId, daily_cost.CommitmentDiscountId, daily_cost.BillingCurrency
HAVING
    sum(CASE WHEN daily_cost.x_charge_type = 'RIFee' THEN 1 ELSE 0 END) > 0
    AND abs(sum(daily_cost.x_commitment_cost) - sum(daily_cost.EffectiveCost)) > 0.01
ORDER BY x_source, x_period, daily_cost.CommitmentDiscountId
