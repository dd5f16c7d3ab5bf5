-- What the daily costs add up to, per source, period and currency.
SELECT
    daily_cost.x_source AS source,
    daily_cost.x_period AS period,
    daily_cost.BillingCurrency AS currency,
    CAST(sum(daily_cost.charge_count) AS BIGINT) AS line_items,
    sum(daily_cost.BilledCost) AS billed_cost
FROM core.daily_cost
GROUP BY daily_cost.x_source, daily_cost.x_period, daily_cost.BillingCurrency
