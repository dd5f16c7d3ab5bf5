-- What the fees of GCP commitments cost the usage that they covered, per day: fees that Google bills apart from usage.
-- A resource-based commitment ("Commitment v1: ...") gives covered cores or memory their whole price back as a credit; its fee covers
-- machines of one family in one region. A spend-based fee of the old model names the SKU that it covered. Rows of the new model carry
-- their own cost. The used part of a fee follows the credits, across the projects of the billing account, as Google's proportional
-- attribution does. The rest is a row of its own with status Unused. Rounding runs along the sums, so that the rows of a group add up to
-- its fees to the last decimal.
WITH charges AS (
    SELECT
        x_source,
        usage_date,
        BillingAccountId,
        BillingCurrency,
        SubAccountId,
        RegionId,
        ResourceId,
        x_usage_type,
        x_operation,
        CASE WHEN x_pool = 'commitment_purchase' THEN CommitmentDiscountId END AS CommitmentDiscountId,
        x_team,
        x_project,
        x_environment,
        x_owner,
        x_cost_center,
        x_pool = 'commitment_purchase' AS is_fee,
        x_charge_kind = 'resource covered usage' OR lower(x_usage_type) LIKE 'commitment v1:%' AS is_resource_based,
        -- What stands before the place: "n2 custom instance core", "n2 cpu".
        regexp_replace(regexp_replace(lower(x_usage_type), '^commitment v1: *', ''), '( running)? in .*$', '') AS machine_part,
        committed_quantity,
        consumed_quantity,
        ContractedCost,
        x_net_effective_cost
    FROM core.daily_cost
    WHERE
        ProviderName = 'GCP'
        AND (x_pool = 'commitment_purchase' OR x_charge_kind IN ('resource covered usage', 'spend covered usage'))
),

named AS (
    SELECT
        *,
        CASE
            WHEN NOT is_resource_based THEN concat('SKU ', x_operation)
            WHEN machine_part LIKE '%local ssd%' OR machine_part LIKE '%local storage%'
                THEN concat('local SSD in ', coalesce(RegionId, 'no region'))
            ELSE concat(
                CASE
                    WHEN machine_part LIKE '%gpu%' THEN 'GPU'
                    WHEN concat(' ', machine_part, ' ') LIKE '% ram %' THEN 'memory'
                    WHEN concat(' ', machine_part, ' ') LIKE '% core %' OR concat(' ', machine_part, ' ') LIKE '% cpu %' THEN 'cores'
                    ELSE machine_part
                END,
                ' of ',
                -- Machines without a family in the name of their SKU are N1.
                coalesce(
                    nullif(
                        trim(
                            regexp_extract(
                                machine_part, '^(.*?)(^| )(predefined|standard|custom|extended|instance|core|cpu|ram|gpu)( .*)?$', 1
                            )
                        ),
                        ''
                    ),
                    'n1'
                ),
                ' in ',
                coalesce(RegionId, 'no region')
            )
        END AS covers
    FROM charges
),

fees AS (
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
    FROM named
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
    FROM named
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
),

claims AS (
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
),

running AS (
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
    FROM claims
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
