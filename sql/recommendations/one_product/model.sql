-- The least-cost hourly Compute Savings Plan of one payer in SQL: the same optimum as one_product.py, for whoever wants to check it.
-- $families and $ratios are two lists of equal length: discounted price over on-demand price of each instance family.
WITH segments AS (
    SELECT
        usage_hour,
        map($families, $ratios)[split_part(split_part(x_usage_type, ':', 2), '.', 1)] AS ratio,
        sum(CAST(ContractedCost AS DOUBLE)) AS on_demand_cost
    FROM core.hourly_usage
    WHERE
        ProviderName = 'AWS'
        AND BillingAccountId = $billing_account_id
        AND BillingCurrency = $currency
        AND x_pool = 'usage'
        AND PricingCategory = 'Standard'
        AND x_usage_type LIKE 'BoxUsage:%'
        AND usage_hour >= $window_start
        AND usage_hour < $window_end
        AND ContractedCost > 0
    GROUP BY usage_hour, ratio
),

-- Filling an hour's segments by ascending ratio reaches these commitments; beyond each, a dollar displaces that much less.
breakpoints AS (
    SELECT
        sum(ratio * on_demand_cost) OVER (PARTITION BY usage_hour ORDER BY ratio) AS commitment,
        1 / ratio - coalesce(1 / lead(ratio) OVER (PARTITION BY usage_hour ORDER BY ratio), 0) AS lost_value,
        CASE WHEN row_number() OVER (PARTITION BY usage_hour ORDER BY ratio) = 1 THEN 1 / ratio ELSE 0 END AS first_value
    FROM segments
    WHERE ratio IS NOT NULL
),

-- Hours without usage count: a commitment is paid in every hour.
first_dollar AS (
    SELECT
        coalesce(sum(first_value), 0) AS displaced,
        $price_of_commitment * date_diff('hour', $window_start, $window_end) AS price
    FROM breakpoints
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
        WHEN first_dollar.displaced <= first_dollar.price THEN 0
        ELSE coalesce(min(slopes.commitment), 0)
    END AS hourly_commitment
FROM first_dollar
LEFT JOIN slopes ON slopes.displaced <= first_dollar.price * (1 + 1e-12)
GROUP BY first_dollar.displaced, first_dollar.price
