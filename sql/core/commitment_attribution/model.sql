-- What the fees of GCP commitments cost the usage that they covered, per day: fees that Google bills apart from usage.
-- The used part of a fee follows the credits, across the projects of the billing account, as Google's proportional attribution does. The
-- rest is a row of its own with status Unused. Rounding runs along the sums, so that the rows of a group add up to its fees to the last
-- decimal.
WITH running AS (
    SELECT
        *,
        sum(weight) OVER (
            PARTITION BY x_source, usage_date, BillingAccountId, BillingCurrency, covers, CommitmentDiscountStatus
        ) AS total_weight,
        sum(weight) OVER (
            PARTITION BY x_source, usage_date, BillingAccountId, BillingCurrency, covers, CommitmentDiscountStatus
            -- Every column that tells rows apart, so that each night rounds the same way.
            ORDER BY
                weight, SubAccountId, ResourceId, RegionId, x_usage_type, x_operation, CommitmentDiscountId,
                x_team, x_project, x_environment, x_owner, x_cost_center
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS weight_so_far
    FROM core.commitment_claims
),

claimed AS (
    SELECT
        *,
        weight_so_far - weight AS weight_before,
        CAST(claimed_cost AS DOUBLE) / nullif(CAST(total_weight AS DOUBLE), 0) AS rate
    FROM running
),

bounds AS (
    SELECT
        *,
        CASE
            WHEN claimed_cost = total_weight THEN weight_so_far
            WHEN weight_so_far = total_weight THEN claimed_cost
            ELSE CAST(rate * CAST(weight_so_far AS DOUBLE) AS DECIMAL(38, 12))
        END AS cost_so_far,
        CASE
            WHEN claimed_cost = total_weight THEN weight_before
            WHEN weight_before = 0 THEN 0
            WHEN weight_before = total_weight THEN claimed_cost
            ELSE CAST(rate * CAST(weight_before AS DOUBLE) AS DECIMAL(38, 12))
        END AS cost_before
    FROM claimed
)

SELECT
    x_source,
    usage_date,
    BillingAccountId,
    BillingCurrency,
    covers,
    CommitmentDiscountStatus,
    SubAccountId,
    RegionId,
    ResourceId,
    x_usage_type,
    x_operation,
    CommitmentDiscountId,
    x_team,
    x_project,
    x_environment,
    x_owner,
    x_cost_center,
    CAST(cost_so_far - cost_before AS DECIMAL(38, 12)) AS attributed_cost
FROM bounds
