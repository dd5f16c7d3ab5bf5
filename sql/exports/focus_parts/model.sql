-- Charges of AWS and Google Cloud bills, cut into the rows that FOCUS 1.2 wants; their sums stay those of core.charges.
-- The fee of a commitment becomes what was bought (billed, no effective cost) and what it cost in the period (effective, not billed).
-- Usage that a Savings Plan covers is not billed, so the negation has nothing left to cancel; what it does not cancel is kept as a row.
WITH parts AS (
    SELECT -- noqa: AM07
        charges.*,
        parts.is_amortised,
        charges.is_commitment_fee AND NOT parts.is_amortised AS is_purchase
    FROM temp.focus_charges AS charges
    CROSS JOIN (VALUES (FALSE), (TRUE)) AS parts (is_amortised)
    WHERE
        charges.x_charge_kind <> 'SavingsPlanNegation'
        AND CASE
            WHEN parts.is_amortised AND charges.ProviderName = 'GCP' AND charges.x_pool = 'commitment_purchase' THEN FALSE
            WHEN parts.is_amortised THEN charges.is_commitment_fee AND charges.EffectiveCost <> 0
            ELSE NOT charges.is_commitment_fee OR charges.BilledCost <> 0 OR charges.EffectiveCost = 0
        END
    UNION ALL BY NAME
    SELECT
        *,
        TRUE AS is_amortised,
        FALSE AS is_purchase
    FROM temp.focus_fees
),

left_of_negations AS (
    SELECT
        x_source,
        x_period,
        ProviderName,
        BillingAccountId,
        any_value(BillingAccountName) AS BillingAccountName,
        SubAccountId,
        any_value(SubAccountName) AS SubAccountName,
        BillingCurrency,
        BillingPeriodStart,
        BillingPeriodEnd,
        InvoiceId,
        any_value(InvoiceIssuerName) AS InvoiceIssuerName,
        any_value(PublisherName) AS PublisherName,
        ServiceName,
        CommitmentDiscountId,
        any_value(CommitmentDiscountType) AS CommitmentDiscountType,
        sum(BilledCost) AS BilledCost
    FROM temp.focus_charges
    WHERE x_charge_kind = 'SavingsPlanNegation' OR x_charge_kind = 'SavingsPlanCoveredUsage'
    GROUP BY
        x_source, x_period, ProviderName, BillingAccountId, SubAccountId, BillingCurrency, BillingPeriodStart, BillingPeriodEnd,
        InvoiceId, ServiceName, CommitmentDiscountId
    HAVING sum(BilledCost) <> 0
)

SELECT -- noqa: AM07
    x_source,
    x_period,
    ProviderName,
    BillingAccountId,
    BillingAccountName,
    SubAccountId,
    SubAccountName,
    BillingCurrency,
    BillingPeriodStart,
    BillingPeriodEnd,
    ChargePeriodStart,
    coalesce(ChargePeriodEnd, BillingPeriodEnd) AS ChargePeriodEnd,
    InvoiceId,
    InvoiceIssuerName,
    PublisherName,
    -- A correction within the billing period that it belongs to is no correction of an invoice.
    CASE WHEN ChargePeriodStart < BillingPeriodStart THEN ChargeClass END AS ChargeClass,
    CASE
        WHEN is_purchase THEN 'Purchase'
        WHEN is_amortised THEN 'Usage'
        ELSE ChargeCategory
    END AS ChargeCategory,
    CASE
        WHEN is_amortised THEN 'Usage-Based'
        WHEN is_purchase AND ChargeFrequency = 'Usage-Based' THEN 'Recurring'
        ELSE ChargeFrequency
    END AS ChargeFrequency,
    ChargeDescription,
    CASE WHEN is_purchase THEN 'Standard' WHEN is_amortised THEN 'Committed' ELSE PricingCategory END AS PricingCategory,
    CASE WHEN has_commitment THEN CommitmentDiscountId END AS CommitmentDiscountId,
    CommitmentDiscountName,
    CommitmentDiscountType,
    CASE WHEN NOT is_purchase THEN CommitmentDiscountStatus END AS CommitmentDiscountStatus,
    x_charge_kind,
    x_commitment_cost,
    is_purchase,
    is_amortised,
    CapacityReservationId,
    RegionId,
    RegionName,
    ServiceName,
    x_usage_type,
    x_instance_type,
    ResourceId,
    ResourceName,
    ResourceType,
    AvailabilityZone,
    CASE WHEN NOT is_amortised THEN ConsumedQuantity END AS ConsumedQuantity,
    PricingUnit,
    CASE
        -- What of a reservation was not used: its share of the cost is its share of the hours.
        WHEN is_amortised AND x_charge_kind = 'RIFee' AND x_commitment_cost <> 0
            THEN CAST(
                CAST(PricingQuantity AS DOUBLE) * CAST(EffectiveCost AS DOUBLE) / CAST(x_commitment_cost AS DOUBLE) AS DECIMAL(38, 12)
            )
        ELSE PricingQuantity
    END AS PricingQuantity,
    ListUnitPrice,
    ContractedUnitPrice,
    SkuId,
    SkuPriceId,
    Tags,
    CASE WHEN is_amortised OR x_charge_kind = 'SavingsPlanCoveredUsage' THEN 0 ELSE BilledCost END AS BilledCost,
    CASE WHEN is_purchase THEN 0 ELSE EffectiveCost END AS EffectiveCost,
    CASE WHEN is_amortised THEN 0 WHEN ChargeCategory = 'Usage' THEN ContractedCost ELSE BilledCost END AS ContractedCost,
    CASE WHEN is_amortised THEN 0 WHEN ChargeCategory = 'Usage' THEN ListCost ELSE BilledCost END AS ListCost
FROM parts
UNION ALL BY NAME
SELECT
    x_source,
    x_period,
    ProviderName,
    BillingAccountId,
    BillingAccountName,
    SubAccountId,
    SubAccountName,
    BillingCurrency,
    BillingPeriodStart,
    BillingPeriodEnd,
    BillingPeriodStart AS ChargePeriodStart,
    BillingPeriodEnd AS ChargePeriodEnd,
    InvoiceId,
    InvoiceIssuerName,
    PublisherName,
    'Adjustment' AS ChargeCategory,
    'One-Time' AS ChargeFrequency,
    'What negations do not cancel of the usage that the plan covers' AS ChargeDescription,
    CommitmentDiscountId,
    CommitmentDiscountType,
    'SavingsPlanNegation' AS x_charge_kind,
    FALSE AS is_purchase,
    FALSE AS is_amortised,
    ServiceName,
    BilledCost,
    CAST(0 AS DECIMAL(38, 12)) AS EffectiveCost,
    BilledCost AS ContractedCost,
    BilledCost AS ListCost
FROM left_of_negations
