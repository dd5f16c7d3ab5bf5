-- Charges of some periods of one source, summed in one scan: by resource and day, and, where a commitment could apply, by hour.
WITH charges AS (
    SELECT
        x_period,
        ProviderName,
        BillingAccountId,
        SubAccountId,
        SubAccountName,
        BillingCurrency,
        RegionId,
        ServiceName,
        ResourceType,
        x_usage_type,
        x_operation,
        x_instance_type,
        ChargeCategory,
        PricingCategory,
        CommitmentDiscountId,
        CommitmentDiscountStatus,
        x_charge_type,
        x_pool,
        ResourceId,
        PricingUnit,
        x_team,
        x_project,
        x_environment,
        x_owner,
        CAST(ChargePeriodStart AS DATE) AS usage_date,
        -- Spot hours cannot be covered; on AWS, a commitment covers instances of EC2 and of SageMaker, on GCP cores, memory and GPUs.
        CASE
            WHEN x_pool <> 'usage' OR PricingCategory = 'Dynamic' THEN NULL
            WHEN x_usage_type LIKE 'BoxUsage%' THEN date_trunc('hour', ChargePeriodStart)
            WHEN ServiceName = 'AmazonSageMaker' AND x_usage_type LIKE '%:ml.%' THEN date_trunc('hour', ChargePeriodStart)
            WHEN
                ProviderName = 'GCP'
                AND (x_usage_type LIKE '%Instance Core%' OR x_usage_type LIKE '%Instance Ram%' OR x_usage_type LIKE '%GPU%')
                THEN date_trunc('hour', ChargePeriodStart)
        END AS usage_hour,
        coalesce(ConsumedQuantity, 0) AS quantity,
        BilledCost,
        EffectiveCost,
        ContractedCost,
        ListCost,
        x_net_effective_cost,
        x_commitment_cost
    FROM core.charges
    WHERE x_source = $source AND list_contains($periods, x_period)
)

SELECT
    GROUPING(usage_hour) AS is_daily,
    $source AS x_source,
    x_period,
    usage_date,
    usage_hour,
    ProviderName,
    BillingAccountId,
    SubAccountId,
    SubAccountName,
    BillingCurrency,
    RegionId,
    ServiceName,
    ResourceType,
    x_usage_type,
    x_operation,
    x_instance_type,
    ChargeCategory,
    PricingCategory,
    CommitmentDiscountId,
    CommitmentDiscountStatus,
    x_charge_type,
    x_pool,
    ResourceId,
    PricingUnit,
    x_team,
    x_project,
    x_environment,
    x_owner,
    CAST(sum(quantity) AS DECIMAL(38, 12)) AS consumed_quantity,
    count(*) AS charge_count,
    CAST(sum(BilledCost) AS DECIMAL(38, 12)) AS BilledCost,
    CAST(sum(EffectiveCost) AS DECIMAL(38, 12)) AS EffectiveCost,
    CAST(sum(ContractedCost) AS DECIMAL(38, 12)) AS ContractedCost,
    CAST(sum(ListCost) AS DECIMAL(38, 12)) AS ListCost,
    CAST(sum(x_net_effective_cost) AS DECIMAL(38, 12)) AS x_net_effective_cost,
    CAST(sum(x_commitment_cost) AS DECIMAL(38, 12)) AS x_commitment_cost
FROM charges
GROUP BY
    GROUPING SETS (
        (
            x_period,
            usage_date,
            ProviderName,
            BillingAccountId,
            SubAccountId,
            SubAccountName,
            BillingCurrency,
            RegionId,
            ServiceName,
            ResourceType,
            x_usage_type,
            x_operation,
            x_instance_type,
            ChargeCategory,
            PricingCategory,
            CommitmentDiscountId,
            CommitmentDiscountStatus,
            x_charge_type,
            x_pool,
            ResourceId,
            PricingUnit,
            x_team,
            x_project,
            x_environment,
            x_owner
        ),
        (
            x_period,
            usage_hour,
            ProviderName,
            BillingAccountId,
            SubAccountId,
            SubAccountName,
            BillingCurrency,
            RegionId,
            ServiceName,
            ResourceType,
            x_usage_type,
            x_operation,
            x_instance_type,
            ChargeCategory,
            PricingCategory,
            CommitmentDiscountId,
            CommitmentDiscountStatus,
            x_charge_type,
            x_pool,
            PricingUnit
        )
    )
HAVING GROUPING(usage_hour) = 1 OR usage_hour IS NOT NULL
