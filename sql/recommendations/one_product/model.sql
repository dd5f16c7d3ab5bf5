-- The least-cost hourly commitment to one product, from on-demand cost by hour and discount ratio: the optimum of one_product.py in SQL.
WITH segments AS (
    SELECT
        usage_hour,
        ratio,
        sum(CAST(on_demand_cost AS DOUBLE)) AS on_demand_cost
    FROM sizing.hourly_cost
    WHERE on_demand_cost > 0
    GROUP BY usage_hour, ratio
),

breakpoints AS (
    SELECT
        sum(ratio * on_demand_cost) OVER (PARTITION BY usage_hour ORDER BY ratio) AS commitment,
        1 / ratio - coalesce(1 / lead(ratio) OVER (PARTITION BY usage_hour ORDER BY ratio), 0) AS lost_value,
        CASE WHEN row_number() OVER (PARTITION BY usage_hour ORDER BY ratio) = 1 THEN 1 / ratio ELSE 0 END AS first_value
    FROM segments
),

first_dollar AS (
    SELECT coalesce(sum(first_value), 0) AS displaced FROM breakpoints
),

losses AS (
    SELECT
        commitment,
        sum(lost_value) AS lost_value
    FROM breakpoints
    GROUP BY commitment
),

slopes AS (
    SELECT
        losses.commitment,
        first_dollar.displaced - sum(losses.lost_value) OVER (ORDER BY losses.commitment) AS displaced
    FROM losses
    CROSS JOIN first_dollar
)

SELECT
    CASE
        WHEN first_dollar.displaced <= $price_of_commitment * $hour_count THEN 0
        ELSE coalesce(min(slopes.commitment), 0)
    END AS hourly_commitment
FROM first_dollar
LEFT JOIN slopes ON slopes.displaced <= $price_of_commitment * $hour_count * (1 + 1e-12)
GROUP BY first_dollar.displaced
