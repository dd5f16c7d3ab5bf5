-- Rows of AWS and Google Cloud bills under the 57 columns of FOCUS 1.2, after the load that they came from.
WITH named AS (
    SELECT
        parts.*,
        parts.ChargeCategory = 'Usage' OR parts.ChargeCategory = 'Purchase' AS is_priced,
        parts.ChargeCategory <> 'Tax' AS is_taxable,
        parts.CommitmentDiscountId IS NOT NULL AS has_commitment,
        parts.CommitmentDiscountId IS NOT NULL AND (parts.is_purchase OR parts.is_amortised) AS is_fee,
        parts.CommitmentDiscountId IS NOT NULL AND (
            parts.x_charge_kind LIKE 'SavingsPlan%' OR parts.CommitmentDiscountId LIKE 'arn:%:savingsplans:%'
            OR (parts.ProviderName = 'GCP' AND coalesce(parts.CommitmentDiscountType, '') NOT LIKE 'Resource%')
        ) AS is_spend_based,
        CASE
            WHEN parts.CommitmentDiscountId IS NULL THEN NULL
            WHEN parts.CommitmentDiscountType <> '' THEN parts.CommitmentDiscountType
            WHEN parts.ProviderName = 'GCP' THEN 'Committed Use Discount'
            WHEN parts.CommitmentDiscountId LIKE 'arn:%:savingsplans:%' THEN 'Savings Plan'
            ELSE 'Reserved Instance'
        END AS commitment_type,
        -- A rate code of AWS begins with the SKU; Google Cloud numbers its SKUs only.
        coalesce(nullif(parts.SkuId, ''), nullif(split_part(parts.SkuPriceId, '.', 1), '')) AS sku,
        CASE WHEN parts.ProviderName = 'GCP' THEN coalesce(parts.SkuPriceId, parts.SkuId) ELSE parts.SkuPriceId END AS sku_price,
        coalesce(
            units.focus_unit,
            regexp_replace(regexp_replace(parts.PricingUnit, '-(Mo|mo|month|Month)$', '-Months'), '-(Hr|Hrs|hrs|hour|Hour)$', '-Hours')
        ) AS unit,
        regions.region_name AS region,
        resource_types.focus_type AS resource_type,
        coalesce(services.service_category, 'Other') AS service_category,
        coalesce(services.service_subcategory, 'Other (Other)') AS service_subcategory,
        CAST(CAST(parts.ListCost AS DOUBLE) / CAST(nullif(parts.PricingQuantity, 0) AS DOUBLE) AS DECIMAL(38, 18)) AS paid_list_price,
        CAST(CAST(parts.ContractedCost AS DOUBLE) / CAST(nullif(parts.PricingQuantity, 0) AS DOUBLE) AS DECIMAL(38, 18))
            AS paid_contracted_price
    FROM temp.focus_parts AS parts
    LEFT JOIN temp.service_categories AS services
        ON parts.ProviderName = services.provider AND parts.ServiceName = services.service
    LEFT JOIN temp.regions ON parts.ProviderName = regions.provider AND parts.RegionId = regions.region_id
    LEFT JOIN temp.resource_types ON parts.ResourceType = resource_types.resource_type
    LEFT JOIN temp.units ON parts.PricingUnit = units.delivered_unit
),

priced AS (
    SELECT
        *,
        CASE WHEN is_priced THEN PricingQuantity END AS quantity,
        -- The price that the bill states, where it makes up the cost; else what a unit of this row costs. Tiers are why they can differ.
        CASE
            WHEN NOT is_priced THEN NULL
            WHEN ListUnitPrice >= 0 AND abs(ListUnitPrice * CAST(PricingQuantity AS DOUBLE) - ListCost) <= 1e-9 * greatest(abs(ListCost), 1)
                THEN CAST(ListUnitPrice AS DECIMAL(38, 18))
            WHEN
                paid_list_price >= 0
                AND abs(paid_list_price * CAST(PricingQuantity AS DOUBLE) - ListCost) <= 1e-9 * greatest(abs(ListCost), 1)
                THEN paid_list_price
        END AS list_price,
        CASE
            WHEN NOT is_priced THEN NULL
            WHEN
                ContractedUnitPrice >= 0
                AND abs(ContractedUnitPrice * CAST(PricingQuantity AS DOUBLE) - ContractedCost) <= 1e-9 * greatest(abs(ContractedCost), 1)
                THEN CAST(ContractedUnitPrice AS DECIMAL(38, 18))
            WHEN
                paid_contracted_price >= 0
                AND abs(paid_contracted_price * CAST(PricingQuantity AS DOUBLE) - ContractedCost)
                <= 1e-9 * greatest(abs(ContractedCost), 1)
                THEN paid_contracted_price
        END AS contracted_price,
        CASE
            WHEN NOT has_commitment OR NOT is_priced OR ChargeClass = 'Correction' THEN NULL
            WHEN is_spend_based AND is_purchase AND x_commitment_cost <> 0 THEN x_commitment_cost
            WHEN is_spend_based AND is_purchase THEN BilledCost
            WHEN is_spend_based THEN EffectiveCost
            WHEN unit IS NOT NULL THEN PricingQuantity
        END AS committed_quantity
    FROM named
)

SELECT
    x_source,
    x_period,
    nullif(AvailabilityZone, '') AS AvailabilityZone,
    BilledCost,
    BillingAccountId,
    nullif(BillingAccountName, '') AS BillingAccountName,
    CASE WHEN ProviderName = 'AWS' THEN 'Management Account' ELSE 'Billing Account' END AS BillingAccountType,
    BillingCurrency,
    timezone('UTC', BillingPeriodEnd) AS BillingPeriodEnd,
    timezone('UTC', BillingPeriodStart) AS BillingPeriodStart,
    CapacityReservationId,
    CASE
        WHEN CapacityReservationId IS NULL OR ChargeCategory <> 'Usage' THEN NULL
        WHEN x_usage_type LIKE 'Unused%' THEN 'Unused'
        ELSE 'Used'
    END AS CapacityReservationStatus,
    ChargeCategory,
    ChargeClass,
    nullif(ChargeDescription, '') AS ChargeDescription,
    ChargeFrequency,
    timezone('UTC', ChargePeriodEnd) AS ChargePeriodEnd,
    timezone('UTC', ChargePeriodStart) AS ChargePeriodStart,
    CASE WHEN is_spend_based THEN 'Spend' WHEN has_commitment THEN 'Usage' END AS CommitmentDiscountCategory,
    CommitmentDiscountId,
    CASE WHEN has_commitment THEN CommitmentDiscountName END AS CommitmentDiscountName,
    committed_quantity AS CommitmentDiscountQuantity,
    CASE WHEN has_commitment THEN CommitmentDiscountStatus END AS CommitmentDiscountStatus,
    commitment_type AS CommitmentDiscountType,
    CASE WHEN committed_quantity IS NULL THEN NULL WHEN is_spend_based THEN BillingCurrency ELSE unit END AS CommitmentDiscountUnit,
    CASE WHEN ChargeCategory = 'Usage' THEN ConsumedQuantity END AS ConsumedQuantity,
    CASE WHEN ChargeCategory = 'Usage' AND ConsumedQuantity IS NOT NULL THEN unit END AS ConsumedUnit,
    ContractedCost,
    contracted_price AS ContractedUnitPrice,
    EffectiveCost,
    -- Google Cloud's export has the month of the invoice, not its number.
    CASE WHEN ProviderName <> 'GCP' THEN InvoiceId END AS InvoiceId,
    -- The provider's own companies are the provider: FOCUS has another issuer only where somebody else is paid.
    CASE
        WHEN InvoiceIssuerName IS NULL THEN ProviderName
        WHEN ProviderName = 'AWS' AND (InvoiceIssuerName LIKE 'Amazon%' OR InvoiceIssuerName LIKE 'AWS%') THEN ProviderName
        WHEN ProviderName = 'GCP' AND InvoiceIssuerName LIKE 'Google%' THEN ProviderName
        ELSE InvoiceIssuerName
    END AS InvoiceIssuerName,
    ListCost,
    list_price AS ListUnitPrice,
    CASE WHEN ChargeCategory = 'Usage' OR ChargeCategory = 'Purchase' THEN PricingCategory END AS PricingCategory,
    BillingCurrency AS PricingCurrency,
    contracted_price AS PricingCurrencyContractedUnitPrice,
    EffectiveCost AS PricingCurrencyEffectiveCost,
    list_price AS PricingCurrencyListUnitPrice,
    quantity AS PricingQuantity,
    CASE WHEN quantity IS NOT NULL THEN unit END AS PricingUnit,
    ProviderName,
    coalesce(PublisherName, ProviderName) AS PublisherName,
    nullif(RegionId, 'global') AS RegionId,
    -- Google Cloud's regions are named by their ids.
    CASE
        WHEN ProviderName = 'GCP' THEN nullif(RegionId, 'global')
        WHEN RegionId <> 'global' THEN coalesce(region, RegionName)
    END AS RegionName,
    CASE WHEN is_fee THEN CommitmentDiscountId ELSE ResourceId END AS ResourceId,
    CASE WHEN is_fee THEN CommitmentDiscountName WHEN ResourceId IS NOT NULL THEN ResourceName END AS ResourceName,
    CASE
        WHEN is_fee THEN commitment_type
        WHEN ResourceId IS NULL THEN NULL
        ELSE coalesce(resource_type, 'Other')
    END AS ResourceType,
    service_category AS ServiceCategory,
    ServiceName,
    service_subcategory AS ServiceSubcategory,
    CASE WHEN is_taxable THEN sku END AS SkuId,
    CASE WHEN is_taxable AND sku IS NOT NULL THEN nullif(x_usage_type, '') END AS SkuMeter,
    CASE
        WHEN is_taxable AND sku IS NOT NULL AND sku_price IS NOT NULL AND x_instance_type <> ''
            THEN CAST(json_object('InstanceType', x_instance_type) AS VARCHAR)
    END AS SkuPriceDetails,
    CASE WHEN is_taxable AND sku IS NOT NULL THEN sku_price END AS SkuPriceId,
    SubAccountId,
    CASE WHEN SubAccountId IS NOT NULL THEN SubAccountName END AS SubAccountName,
    CASE WHEN SubAccountId IS NULL THEN NULL WHEN ProviderName = 'AWS' THEN 'Account' ELSE 'Project' END AS SubAccountType,
    CASE WHEN cardinality(Tags) > 0 THEN CAST(to_json(Tags) AS VARCHAR) END AS Tags
FROM priced
