-- FOCUS rows of any provider with their costs; all texts still as delivered, so that they can be summed before they are named.
-- Providers break the enumerations of the standard in small ways, so these are compared without case.
WITH charges AS (
    SELECT
        *,
        CASE
            WHEN lower(ChargeCategory) = 'usage' AND lower(CommitmentDiscountStatus) = 'unused' THEN 'unused fee'
            WHEN lower(ChargeCategory) = 'usage' AND lower(PricingCategory) = 'dynamic' THEN 'spot usage'
            WHEN
                lower(ChargeCategory) = 'usage'
                AND (lower(CommitmentDiscountStatus) = 'used' OR lower(PricingCategory) = 'committed')
                THEN 'covered usage'
            WHEN lower(ChargeCategory) = 'usage' THEN 'usage'
            WHEN lower(ChargeCategory) = 'purchase' AND CommitmentDiscountId <> '' THEN 'purchase'
            WHEN lower(ChargeCategory) = 'purchase' AND ServiceName LIKE '%Support%' THEN 'support'
            WHEN lower(ChargeCategory) = 'purchase' THEN 'fee'
            WHEN lower(ChargeCategory) = 'tax' THEN 'tax'
            WHEN lower(ChargeCategory) = 'credit' THEN 'credit'
            WHEN lower(ChargeCategory) = 'adjustment' THEN 'adjustment'
            ELSE ChargeCategory
        END AS charge_kind
    FROM raw.focus
)

SELECT
    x_source,
    x_period,
    CASE
        WHEN ProviderName IN ('AWS', 'Amazon Web Services', 'Amazon Web Services, Inc.') THEN 'AWS'
        WHEN ProviderName IN ('GCP', 'Google', 'Google Cloud', 'Google Cloud Platform') THEN 'GCP'
        ELSE ProviderName
    END AS ProviderName,
    BillingAccountId,
    BillingAccountName,
    nullif(SubAccountId, '') AS SubAccountId,
    nullif(SubAccountName, '') AS SubAccountName,
    BillingCurrency,
    BillingPeriodStart,
    coalesce(BillingPeriodEnd, BillingPeriodStart + INTERVAL '1' MONTH) AS BillingPeriodEnd,
    ChargePeriodStart,
    ChargePeriodEnd,
    InvoiceId,
    InvoiceIssuerName,
    PublisherName,
    CASE WHEN lower(ChargeClass) = 'correction' THEN 'Correction' END AS ChargeClass,
    CASE lower(ChargeFrequency) WHEN 'one-time' THEN 'One-Time' WHEN 'recurring' THEN 'Recurring' WHEN 'usage-based' THEN 'Usage-Based' END
        AS ChargeFrequency,
    ServiceCategory,
    RegionName,
    CommitmentDiscountName,
    CommitmentDiscountType,
    CapacityReservationId,
    RegionId AS delivered_region,
    ServiceName,
    coalesce(x_UsageType, SkuMeter, ChargeDescription) AS delivered_usage_type,
    coalesce(x_Operation, SkuId) AS delivered_operation,
    coalesce(SkuPriceDetails['InstanceType'], SkuPriceDetails['x_InstanceType']) AS machine_type,
    ChargeCategory AS cost_type,
    charge_kind,
    CommitmentDiscountId AS commitment_id,
    CAST(NULL AS VARCHAR) AS reservation_id,
    ResourceId AS delivered_resource,
    ResourceName,
    AvailabilityZone,
    ChargeDescription,
    coalesce(ConsumedQuantity, PricingQuantity) AS delivered_quantity,
    coalesce(ConsumedUnit, PricingUnit) AS delivered_unit,
    PricingQuantity,
    ListUnitPrice,
    ContractedUnitPrice,
    SkuId,
    SkuPriceId,
    Tags,
    delivered_team,
    delivered_project,
    delivered_environment,
    delivered_owner,
    delivered_cost_center,
    BilledCost,
    coalesce(EffectiveCost, BilledCost) AS EffectiveCost,
    coalesce(ContractedCost, BilledCost) AS ContractedCost,
    coalesce(nullif(ListCost, 0), ContractedCost, BilledCost) AS ListCost,
    coalesce(EffectiveCost, BilledCost) AS x_net_effective_cost,
    CASE WHEN charge_kind = 'purchase' THEN BilledCost ELSE 0 END AS x_commitment_cost,
    1 AS x_line_items
FROM charges
