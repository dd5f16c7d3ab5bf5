-- Fees that Google bills apart from usage, and the usage under them, by what they are for: a SKU, or cores, memory or GPUs of a machine
-- family in a region. A resource-based commitment ("Commitment v1: ...") covers machines of one family in one region; a spend-based fee of
-- the old model names the SKU that it covered. Rows of the new model carry their own cost and are not here.
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
)

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
    CommitmentDiscountId,
    x_team,
    x_project,
    x_environment,
    x_owner,
    x_cost_center,
    is_fee,
    is_resource_based,
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
    END AS covers,
    committed_quantity,
    consumed_quantity,
    ContractedCost,
    x_net_effective_cost
FROM charges
