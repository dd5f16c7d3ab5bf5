-- Resource days whose usage adds up to less than nothing.
SELECT
    daily_cost.x_source,
    daily_cost.SubAccountId,
    daily_cost.ResourceId,
    daily_cost.x_usage_type,
    daily_cost.usage_date,
    daily_cost.consumed_quantity,
    daily_cost.PricingUnit
FROM core.daily_cost
WHERE daily_cost.x_pool = 'usage' AND daily_cost.consumed_quantity < 0
ORDER BY daily_cost.consumed_quantity
