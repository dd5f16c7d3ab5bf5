-- Reservations whose amortised cost is not what was used plus what was not, within 0.01 of a currency unit a month.
-- A member account's own export lacks the fee rows of the payer's commitments: without them there is nothing to compare.
SELECT
    x_source,
    x_period,
    CommitmentDiscountId,
    BillingCurrency,
    sum(x_commitment_cost) AS commitment_cost,
    sum(CASE WHEN x_charge_type = 'DiscountedUsage' THEN EffectiveCost ELSE 0 END) AS used_cost,
    sum(CASE WHEN x_charge_type = 'RIFee' THEN EffectiveCost ELSE 0 END) AS unused_cost
FROM core.daily_cost
WHERE
    x_charge_type IN ('RIFee', 'DiscountedUsage')
    -- The fee row is for the whole month from its first day on, so only complete months compare.
    AND CAST(date_trunc('month', usage_date) + INTERVAL '1' MONTH AS DATE) <= $as_of
GROUP BY x_source, x_period, CommitmentDiscountId, BillingCurrency
HAVING
    sum(CASE WHEN x_charge_type = 'RIFee' THEN 1 ELSE 0 END) > 0
    AND abs(sum(x_commitment_cost) - sum(EffectiveCost)) > 0.01
ORDER BY x_source, x_period, CommitmentDiscountId
