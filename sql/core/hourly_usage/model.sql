-- Hourly compute usage that a commitment could cover or covers: instances of EC2 and SageMaker; cores, memory and GPUs of Compute Engine.
-- Spot is left out: no commitment applies to it.
WITH charges AS (
    SELECT
        *,
        date_trunc('hour', ChargePeriodStart) AS usage_hour
    FROM core.charges
    WHERE
        x_pool = 'usage'
        AND PricingCategory <> 'Dynamic'
        AND (
            (ServiceName = 'AmazonEC2' AND x_usage_type LIKE 'BoxUsage%')
            OR (ServiceName = 'AmazonSageMaker' AND x_usage_type LIKE '%:ml.%')
            OR (
                ServiceName = 'Compute Engine'
                AND x_usage_type NOT LIKE 'Licensing Fee%'
                AND (x_usage_type LIKE '%Instance Core%' OR x_usage_type LIKE '%Instance Ram%' OR x_usage_type LIKE '%GPU%')
            )
        )
)

SELECT
    x_source,
    x_period,
    ProviderName,
    BillingAccountId,
    SubAccountId,
    SubAccountName,
    BillingCurrency,
    usage_hour,
    RegionId,
    ServiceName,
    x_usage_type,
    x_operation,
    x_instance_type,
    ChargeCategory,
    PricingCategory,
    CommitmentDiscountId,
    CommitmentDiscountStatus,
    x_charge_type,
    x_pool,
    PricingUnit,
    coalesce(sum(ConsumedQuantity), 0) AS consumed_quantity,
    sum(BilledCost) AS BilledCost,
    sum(EffectiveCost) AS EffectiveCost,
    sum(ContractedCost) AS ContractedCost,
    sum(ListCost) AS ListCost,
    sum(x_net_effective_cost) AS x_net_effective_cost
FROM charges
GROUP BY
    x_source,
    x_period,
    ProviderName,
    BillingAccountId,
    SubAccountId,
    SubAccountName,
    BillingCurrency,
    usage_hour,
    RegionId,
    ServiceName,
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
