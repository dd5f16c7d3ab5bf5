-- GCP export rows with their costs; all texts still as delivered, so that they can be summed before they are named.
-- Net cost is cost plus credits. Old or new commitment model is told by the row itself. Promotions are a way of paying, so they leave the
-- row and become a line item of their own.
WITH export_rows AS (
    SELECT
        billing.*,
        parts.is_promotion,
        coalesce(billing.commitment_credits <> 0 OR billing.consumption_model_description <> 'Default', FALSE) AS is_covered,
        coalesce(lower(billing.sku_description) LIKE 'commitment%', FALSE) AS is_commitment_fee,
        billing.cost + billing.commitment_credits + billing.fee_offset_credits + billing.discount_credits AS net_cost
    FROM raw.gcp_billing AS billing
    CROSS JOIN (VALUES (FALSE), (TRUE)) AS parts (is_promotion)
    WHERE NOT parts.is_promotion OR billing.promotion_credits <> 0
),

kinds AS (
    SELECT
        *,
        CASE
            WHEN is_promotion THEN 'promotion'
            WHEN cost_type <> 'regular' THEN cost_type
            -- What a new-model fee is not offset by, and an old-model fee that names no covered SKU, bought nothing.
            WHEN is_commitment_fee AND fee_offset_credits <> 0 THEN 'unused fee'
            WHEN is_commitment_fee AND lower(sku_description) LIKE 'commitment v1:%' THEN 'used fee'
            WHEN is_commitment_fee AND labels['goog-originating-sku-id'] <> '' THEN 'used fee'
            WHEN is_commitment_fee THEN 'unused fee'
            WHEN service_description LIKE '%Support%' THEN 'support'
            WHEN NOT is_covered THEN 'usage'
            -- Both models may lie in one history, and two kinds of credit on one row: the larger one names it.
            WHEN commitment_credits = 0 THEN 'covered usage'
            WHEN abs(coalesce(spend_commitment_credits, 0)) * 2 > abs(commitment_credits) THEN 'spend covered usage'
            ELSE 'resource covered usage'
        END AS charge_kind
    FROM export_rows
)

SELECT
    x_source,
    x_period,
    'GCP' AS ProviderName,
    billing_account_id AS BillingAccountId,
    CAST(NULL AS VARCHAR) AS BillingAccountName,
    nullif(project_id, '') AS SubAccountId,
    nullif(project_name, '') AS SubAccountName,
    currency AS BillingCurrency,
    CAST(concat(substr(invoice_month, 1, 4), '-', substr(invoice_month, 5, 2), '-01') AS TIMESTAMP) AS BillingPeriodStart,
    CAST(concat(substr(invoice_month, 1, 4), '-', substr(invoice_month, 5, 2), '-01') AS TIMESTAMP)
    + INTERVAL '1' MONTH AS BillingPeriodEnd,
    usage_start_time AS ChargePeriodStart,
    usage_end_time AS ChargePeriodEnd,
    invoice_month AS InvoiceId,
    'Google Cloud' AS InvoiceIssuerName,
    coalesce(nullif(seller_name, ''), 'Google Cloud') AS PublisherName,
    CASE WHEN adjustment_type <> '' THEN 'Correction' END AS ChargeClass,
    CAST(NULL AS VARCHAR) AS ChargeFrequency,
    CAST(NULL AS VARCHAR) AS ServiceCategory,
    CAST(NULL AS VARCHAR) AS RegionName,
    CAST(NULL AS VARCHAR) AS CommitmentDiscountName,
    CASE
        WHEN consumption_model_description <> 'Default' THEN consumption_model_description
        WHEN charge_kind = 'resource covered usage' OR lower(sku_description) LIKE 'commitment v1:%' THEN 'Resource-based CUD'
        WHEN charge_kind IN ('spend covered usage', 'used fee', 'unused fee') THEN 'Spend-based CUD'
    END AS CommitmentDiscountType,
    CAST(NULL AS VARCHAR) AS CapacityReservationId,
    CASE
        WHEN location_region <> '' THEN location_region
        WHEN location_location <> 'global' THEN location_location
    END AS delivered_region,
    coalesce(service_description, service_id, 'unnamed service') AS ServiceName,
    sku_description AS delivered_usage_type,
    -- A fee of a spend-based commitment of the old model says which SKU it paid for.
    CASE
        WHEN charge_kind = 'used fee' THEN coalesce(nullif(labels['goog-originating-sku-id'], ''), sku_id)
        ELSE sku_id
    END AS delivered_operation,
    machine_spec AS machine_type,
    cost_type,
    charge_kind,
    subscription_instance_id AS commitment_id,
    CAST(NULL AS VARCHAR) AS reservation_id,
    -- A name alone is one within its service only; names of buckets are the world's.
    CASE
        WHEN resource_global_name <> '' THEN resource_global_name
        WHEN resource_name <> '' AND service_description <> 'Cloud Storage' THEN concat(service_description, '/', resource_name)
        ELSE resource_name
    END AS delivered_resource,
    CAST(NULL AS VARCHAR) AS stated_resource_type,
    resource_name AS ResourceName,
    location_zone AS AvailabilityZone,
    sku_description AS ChargeDescription,
    usage_amount_in_pricing_units AS delivered_quantity,
    usage_pricing_unit AS delivered_unit,
    usage_amount_in_pricing_units AS PricingQuantity,
    price_list_price AS ListUnitPrice,
    price_effective_price AS ContractedUnitPrice,
    sku_id AS SkuId,
    CAST(NULL AS VARCHAR) AS SkuPriceId,
    labels AS Tags,
    delivered_team,
    delivered_project,
    delivered_environment,
    delivered_owner,
    delivered_cost_center,
    CASE WHEN is_promotion THEN promotion_credits ELSE net_cost END AS BilledCost,
    CASE WHEN is_promotion THEN promotion_credits ELSE net_cost END AS EffectiveCost,
    -- The old model prices a covered row before its credit; the new one states the price without the commitment beside the row.
    CASE
        WHEN charge_kind = 'promotion' OR charge_kind = 'used fee' OR charge_kind = 'unused fee' THEN 0
        WHEN charge_kind = 'covered usage' AND commitment_credits = 0
            THEN coalesce(cost_at_effective_price_default, cost) + discount_credits
        ELSE cost + discount_credits
    END AS ContractedCost,
    CASE
        WHEN charge_kind = 'promotion' OR charge_kind = 'used fee' OR charge_kind = 'unused fee' THEN 0
        WHEN cost_at_list <> 0 THEN cost_at_list
        -- Rows of before June 2023 have no cost at list price.
        ELSE coalesce(
            CAST(
                CAST(price_list_price AS DOUBLE) * CAST(usage_amount_in_pricing_units AS DOUBLE)
                / CAST(coalesce(nullif(price_pricing_unit_quantity, 0), 1) AS DOUBLE) AS DECIMAL(38, 12)
            ),
            cost
        )
    END AS ListCost,
    CASE WHEN is_promotion THEN promotion_credits ELSE net_cost END AS x_net_effective_cost,
    CASE WHEN charge_kind = 'unused fee' THEN cost ELSE 0 END AS x_commitment_cost,
    -- The promotion is part of a delivered row that is counted already.
    CASE WHEN is_promotion THEN 0 ELSE 1 END AS x_line_items
FROM kinds
