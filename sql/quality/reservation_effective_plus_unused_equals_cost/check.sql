-- Reservations whose amortised cost is not what was used plus what was not, within 0.01 of a currency unit a month: AWS rounds every row to
-- ten decimals. A member account's own export lacks the fee rows of the payer's commitments: without them there is nothing to compare.
-- The fee row is for the whole month from its first day on: only complete months compare, two days after their end, when their last day is
-- delivered.
WITH delivered_usage AS (
    SELECT
        x_source AS source,
        x_period AS period,
        max(usage_date) AS last_usage_on
    FROM core.daily_cost
    WHERE x_pool = 'usage'
    GROUP BY x_source, x_period
)

SELECT
    daily_cost.x_source,
    daily_cost.x_period,
    daily_cost.CommitmentDiscountId,
    daily_cost.BillingCurrency,
    sum(daily_cost.x_commitment_cost) AS commitment_cost,
    sum(CASE WHEN daily_cost.x_charge_type = 'DiscountedUsage' THEN daily_cost.EffectiveCost ELSE 0 END) AS used_cost,
    sum(CASE WHEN daily_cost.x_charge_type = 'RIFee' THEN daily_cost.EffectiveCost ELSE 0 END) AS unused_cost
FROM core.daily_cost
INNER JOIN delivered_usage ON daily_cost.x_source = delivered_usage.source AND daily_cost.x_period = delivered_usage.period
WHERE
    daily_cost.x_charge_type IN ('RIFee', 'DiscountedUsage')
    AND delivered_usage.last_usage_on + INTERVAL 1 DAY >= date_trunc('month', daily_cost.usage_date) + INTERVAL 1 MONTH
    AND date_trunc('month', daily_cost.usage_date) + INTERVAL 1 MONTH + INTERVAL 2 DAYS <= $as_of
GROUP BY daily_cost.x_source, daily_cost.x_period, daily_cost.CommitmentDiscountId, daily_cost.BillingCurrency
HAVING
    sum(CASE WHEN daily_cost.x_charge_type = 'RIFee' THEN 1 ELSE 0 END) > 0
    AND abs(sum(daily_cost.x_commitment_cost) - sum(daily_cost.EffectiveCost)) > 0.01
ORDER BY daily_cost.x_source, daily_cost.x_period, daily_cost.CommitmentDiscountId
