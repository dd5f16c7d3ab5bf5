-- Commitments of FOCUS bills with amortised cost that is neither used nor unused, beyond 0.01 of a currency unit a month.
WITH focus_sources AS (
    SELECT DISTINCT loads.source
    FROM meta.loads
    WHERE loads.is_current AND loads.source_type = 'focus'
)

SELECT
    daily_cost.x_source,
    daily_cost.x_period,
    daily_cost.CommitmentDiscountId,
    daily_cost.BillingCurrency,
    sum(daily_cost.EffectiveCost) AS effective_cost,
    sum(CASE WHEN daily_cost.CommitmentDiscountStatus = 'Used' THEN daily_cost.EffectiveCost ELSE 0 END) AS used_cost,
    sum(CASE WHEN daily_cost.CommitmentDiscountStatus = 'Unused' THEN daily_cost.EffectiveCost ELSE 0 END) AS unused_cost
FROM core.daily_cost
INNER JOIN focus_sources ON daily_cost.x_source = focus_sources.source
WHERE daily_cost.CommitmentDiscountId IS NOT NULL
GROUP BY daily_cost.x_source, daily_cost.x_period, daily_cost.CommitmentDiscountId, daily_cost.BillingCurrency
HAVING abs(sum(CASE WHEN daily_cost.CommitmentDiscountStatus IS NULL THEN daily_cost.EffectiveCost ELSE 0 END)) > 0.01
ORDER BY daily_cost.x_source, daily_cost.x_period, daily_cost.CommitmentDiscountId
