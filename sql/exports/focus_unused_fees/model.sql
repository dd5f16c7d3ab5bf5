-- What core.commitment_attribution found unused of a day's fee of a Google Cloud commitment, with the load and billing month that parts of
-- the fee came in, and what of the fee came in the loads before. A fee without the id of its commitment has no status in FOCUS.
WITH fees AS (
    SELECT
        x_period,
        BillingPeriodStart,
        row(
            x_source, usage_date, BillingAccountId, BillingCurrency, SubAccountId, RegionId, x_usage_type, x_operation,
            CommitmentDiscountId, x_team, x_project, x_environment, x_owner, x_cost_center
        ) AS fee,
        x_net_effective_cost
    FROM core.daily_cost
    WHERE ProviderName = 'GCP' AND x_pool = 'commitment_purchase' AND CommitmentDiscountId IS NOT NULL
),

delivered AS (
    SELECT
        fee,
        x_period,
        BillingPeriodStart,
        sum(x_net_effective_cost) AS cost
    FROM fees
    GROUP BY fee, x_period, BillingPeriodStart
),

unused AS (
    SELECT
        row(
            x_source, usage_date, BillingAccountId, BillingCurrency, SubAccountId, RegionId, x_usage_type, x_operation,
            CommitmentDiscountId, x_team, x_project, x_environment, x_owner, x_cost_center
        ) AS fee,
        sum(attributed_cost) AS cost
    FROM core.commitment_attribution
    WHERE CommitmentDiscountStatus = 'Unused'
    GROUP BY fee
)

SELECT
    delivered.fee,
    delivered.x_period,
    delivered.BillingPeriodStart,
    unused.cost AS unused_cost,
    sum(delivered.cost) OVER (PARTITION BY delivered.fee) AS fee_cost,
    sum(delivered.cost) OVER (
        PARTITION BY delivered.fee ORDER BY delivered.x_period, delivered.BillingPeriodStart ROWS UNBOUNDED PRECEDING
    ) - delivered.cost AS fee_cost_before
FROM delivered
INNER JOIN unused ON delivered.fee = unused.fee
