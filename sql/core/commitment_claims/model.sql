-- Who shares in the fees of GCP commitments, per day and cover: covered usage in what was used of a fee, by its credits, and the fee itself
-- in the rest. A resource-based commitment gives covered cores or memory their whole price back as a credit, so credits tell how much of it
-- was used; the fee of the old spend-based model is used wherever it covered anything.
WITH fees AS (
    SELECT
        x_source,
        usage_date,
        BillingAccountId,
        BillingCurrency,
        covers,
        SubAccountId,
        RegionId,
        x_usage_type,
        x_operation,
        CommitmentDiscountId,
        x_team,
        x_project,
        x_environment,
        x_owner,
        x_cost_center,
        is_resource_based,
        sum(x_net_effective_cost) AS fee_cost,
        sum(committed_quantity) AS committed_quantity
    FROM core.commitment_covers
    WHERE is_fee
    GROUP BY
        x_source,
        usage_date,
        BillingAccountId,
        BillingCurrency,
        covers,
        SubAccountId,
        RegionId,
        x_usage_type,
        x_operation,
        CommitmentDiscountId,
        x_team,
        x_project,
        x_environment,
        x_owner,
        x_cost_center,
        is_resource_based
),

covered AS (
    SELECT
        x_source,
        usage_date,
        BillingAccountId,
        BillingCurrency,
        covers,
        SubAccountId,
        RegionId,
        ResourceId,
        x_usage_type,
        x_operation,
        x_team,
        x_project,
        x_environment,
        x_owner,
        x_cost_center,
        sum(ContractedCost - x_net_effective_cost) AS credit,
        sum(ContractedCost) AS contracted_cost,
        sum(consumed_quantity) AS consumed_quantity
    FROM core.commitment_covers
    WHERE NOT is_fee
    GROUP BY
        x_source,
        usage_date,
        BillingAccountId,
        BillingCurrency,
        covers,
        SubAccountId,
        RegionId,
        ResourceId,
        x_usage_type,
        x_operation,
        x_team,
        x_project,
        x_environment,
        x_owner,
        x_cost_center
    HAVING sum(ContractedCost - x_net_effective_cost) > 0
),

covered_groups AS (
    SELECT
        x_source,
        usage_date,
        BillingAccountId,
        BillingCurrency,
        covers,
        -- A credit that is half of the price stands for half of the usage. Usage without a quantity tells nothing.
        sum(
            CAST(consumed_quantity AS DOUBLE) * least(1, CAST(credit AS DOUBLE) / nullif(CAST(contracted_cost AS DOUBLE), 0))
        ) AS covered_quantity,
        min(consumed_quantity) > 0 AND min(contracted_cost) > 0 AS is_quantity_known
    FROM covered
    GROUP BY x_source, usage_date, BillingAccountId, BillingCurrency, covers
),

fee_groups AS (
    SELECT
        x_source,
        usage_date,
        BillingAccountId,
        BillingCurrency,
        covers,
        is_resource_based,
        sum(fee_cost) AS fee_cost,
        sum(committed_quantity) AS committed_quantity
    FROM fees
    GROUP BY x_source, usage_date, BillingAccountId, BillingCurrency, covers, is_resource_based
),

shares AS (
    SELECT
        fee_groups.*,
        CASE
            WHEN covered_groups.covers IS NULL OR fee_groups.fee_cost <= 0 THEN 0
            WHEN fee_groups.is_resource_based AND covered_groups.is_quantity_known AND fee_groups.committed_quantity > 0
                THEN least(1, covered_groups.covered_quantity / CAST(fee_groups.committed_quantity AS DOUBLE))
            ELSE 1
        END AS used_share
    FROM fee_groups
    LEFT JOIN covered_groups
        ON
            fee_groups.x_source = covered_groups.x_source
            AND fee_groups.usage_date = covered_groups.usage_date
            AND fee_groups.BillingAccountId = covered_groups.BillingAccountId
            AND fee_groups.BillingCurrency = covered_groups.BillingCurrency
            AND fee_groups.covers = covered_groups.covers
),

used AS (
    SELECT
        *,
        CASE
            WHEN used_share = 1 THEN fee_cost
            ELSE CAST(CAST(fee_cost AS DOUBLE) * used_share AS DECIMAL(38, 12))
        END AS used_cost
    FROM shares
)

SELECT
    covered.x_source,
    covered.usage_date,
    covered.BillingAccountId,
    covered.BillingCurrency,
    covered.covers,
    'Used' AS CommitmentDiscountStatus,
    covered.SubAccountId,
    covered.RegionId,
    covered.ResourceId,
    covered.x_usage_type,
    covered.x_operation,
    CAST(NULL AS VARCHAR) AS CommitmentDiscountId,
    covered.x_team,
    covered.x_project,
    covered.x_environment,
    covered.x_owner,
    covered.x_cost_center,
    covered.credit AS weight,
    used.used_cost AS claimed_cost
FROM covered
INNER JOIN used
    ON
        covered.x_source = used.x_source
        AND covered.usage_date = used.usage_date
        AND covered.BillingAccountId = used.BillingAccountId
        AND covered.BillingCurrency = used.BillingCurrency
        AND covered.covers = used.covers
WHERE used.used_cost <> 0
UNION ALL
SELECT
    fees.x_source,
    fees.usage_date,
    fees.BillingAccountId,
    fees.BillingCurrency,
    fees.covers,
    'Unused' AS CommitmentDiscountStatus,
    fees.SubAccountId,
    fees.RegionId,
    CAST(NULL AS VARCHAR) AS ResourceId,
    fees.x_usage_type,
    fees.x_operation,
    fees.CommitmentDiscountId,
    fees.x_team,
    fees.x_project,
    fees.x_environment,
    fees.x_owner,
    fees.x_cost_center,
    fees.fee_cost AS weight,
    used.fee_cost - used.used_cost AS claimed_cost
FROM fees
INNER JOIN used
    ON
        fees.x_source = used.x_source
        AND fees.usage_date = used.usage_date
        AND fees.BillingAccountId = used.BillingAccountId
        AND fees.BillingCurrency = used.BillingCurrency
        AND fees.covers = used.covers
WHERE used.used_share < 1 AND fees.fee_cost <> 0
