-- GCP export rows under FOCUS 1.2 names. Net cost is cost plus credits; whether a row follows the old or the new commitment model is told
-- by the row itself. Promotions are a way of paying, so they leave the row and become a credit charge of their own.
WITH export_rows AS (
    SELECT
        billing.*,
        charge_parts.is_promotion,
        coalesce(billing.commitment_credits <> 0 OR billing.consumption_model_description <> 'Default', FALSE) AS is_covered,
        lower(billing.sku_description) LIKE 'commitment%' AS is_commitment_fee,
        billing.cost + billing.commitment_credits + billing.fee_offset_credits + billing.discount_credits AS net_cost
    FROM raw.gcp_billing AS billing
    CROSS JOIN (VALUES (FALSE), (TRUE)) AS charge_parts (is_promotion)
    WHERE NOT charge_parts.is_promotion OR billing.promotion_credits <> 0
),

pooled AS (
    SELECT
        *,
        CASE
            WHEN is_promotion THEN 'credit'
            WHEN cost_type = 'tax' THEN 'tax'
            WHEN cost_type IN ('adjustment', 'rounding_error') THEN 'adjustment'
            WHEN cost_type <> 'regular' THEN 'unclassified'
            -- What a new-model fee is not offset by, and an old-model fee that names no covered SKU, bought nothing.
            WHEN is_commitment_fee AND fee_offset_credits <> 0 THEN 'unused_commitment'
            WHEN is_commitment_fee AND lower(sku_description) LIKE 'commitment v1:%' THEN 'commitment_purchase'
            WHEN is_commitment_fee AND labels['goog-originating-sku-id'] <> '' THEN 'commitment_purchase'
            WHEN is_commitment_fee THEN 'unused_commitment'
            WHEN service_description LIKE '%Support%' THEN 'support'
            ELSE 'usage'
        END AS pool
    FROM export_rows
)

SELECT
    x_source,
    x_period,
    'GCP' AS ProviderName,
    billing_account_id AS BillingAccountId,
    nullif(project_id, '') AS SubAccountId,
    nullif(project_name, '') AS SubAccountName,
    currency AS BillingCurrency,
    CAST(concat(substr(invoice_month, 1, 4), '-', substr(invoice_month, 5, 2), '-01') AS TIMESTAMP) AS BillingPeriodStart,
    usage_start_time AS ChargePeriodStart,
    usage_end_time AS ChargePeriodEnd,
    invoice_month AS InvoiceId,
    CASE
        WHEN location_region <> '' THEN location_region
        WHEN location_location NOT IN ('', 'global') THEN location_location
    END AS RegionId,
    coalesce(service_description, service_id, 'unnamed service') AS ServiceName,
    CASE
        WHEN coalesce(resource_global_name, '') = '' AND coalesce(resource_name, '') = '' THEN NULL
        WHEN resource_global_name LIKE '//cloudsql.googleapis.com/%' THEN 'database'
        WHEN resource_global_name LIKE '//storage.googleapis.com/%' OR service_description = 'Cloud Storage' THEN 'bucket'
        WHEN resource_global_name LIKE '%/endpoints/%' THEN 'inference_endpoint'
        WHEN resource_global_name LIKE '%/customJobs/%' OR resource_global_name LIKE '%/trainingPipelines/%' THEN 'training_job'
        WHEN resource_global_name LIKE '//compute.googleapis.com/%/instances/%' THEN 'virtual_machine'
        WHEN resource_global_name LIKE '%/disks/%' THEN 'block_volume'
        WHEN resource_global_name LIKE '%/snapshots/%' THEN 'snapshot'
        WHEN resource_global_name LIKE '%/images/%' THEN 'machine_image'
        WHEN resource_global_name LIKE '%/addresses/%' THEN 'ip_address'
        WHEN resource_global_name LIKE '%/forwardingRules/%' THEN 'load_balancer'
        WHEN resource_global_name LIKE '%/routers/%' THEN 'nat_gateway'
        ELSE 'other'
    END AS ResourceType,
    sku_description AS x_usage_type,
    sku_id AS x_operation,
    nullif(machine_spec, '') AS x_instance_type,
    CASE
        WHEN pool = 'usage' THEN 'Usage'
        WHEN pool IN ('unused_commitment', 'commitment_purchase', 'support') THEN 'Purchase'
        WHEN pool = 'tax' THEN 'Tax'
        WHEN pool = 'credit' THEN 'Credit'
        ELSE 'Adjustment'
    END AS ChargeCategory,
    CASE
        WHEN pool <> 'usage' THEN NULL
        WHEN is_covered THEN 'Committed'
        WHEN sku_description LIKE '%Spot%' OR sku_description LIKE '%Preemptible%' THEN 'Dynamic'
        ELSE 'Standard'
    END AS PricingCategory,
    nullif(subscription_instance_id, '') AS CommitmentDiscountId,
    CASE
        WHEN pool = 'unused_commitment' THEN 'Unused'
        WHEN pool = 'commitment_purchase' OR (pool = 'usage' AND is_covered) THEN 'Used'
    END AS CommitmentDiscountStatus,
    cost_type AS x_charge_type,
    pool AS x_pool,
    CASE
        -- Vertex AI ids are only unique within their kind, so the kind stays with them.
        WHEN resource_global_name <> ''
            THEN regexp_extract(resource_global_name, '((endpoints|customJobs|trainingPipelines)/)?[^/]+$', 0)
        ELSE nullif(resource_name, '')
    END AS ResourceId,
    nullif(resource_name, '') AS ResourceName,
    nullif(location_zone, '') AS AvailabilityZone,
    sku_description AS ChargeDescription,
    CASE WHEN pool = 'usage' THEN usage_amount_in_pricing_units END AS ConsumedQuantity,
    nullif(usage_pricing_unit, '') AS PricingUnit,
    labels AS Tags,
    nullif(labels['team'], '') AS x_team,
    nullif(labels['project'], '') AS x_project,
    nullif(labels['environment'], '') AS x_environment,
    nullif(labels['owner'], '') AS x_owner,
    CASE WHEN is_promotion THEN promotion_credits ELSE net_cost END AS BilledCost,
    CASE WHEN is_promotion THEN promotion_credits ELSE net_cost END AS EffectiveCost,
    -- The old model prices a covered row before its credit; the new one states the price without the commitment beside the row.
    CASE
        WHEN pool IN ('credit', 'unused_commitment', 'commitment_purchase') THEN 0
        WHEN is_covered AND commitment_credits = 0 THEN coalesce(cost_at_effective_price_default, cost) + discount_credits
        ELSE cost + discount_credits
    END AS ContractedCost,
    CASE
        WHEN pool IN ('credit', 'unused_commitment', 'commitment_purchase') THEN 0
        ELSE coalesce(nullif(cost_at_list, 0), cost)
    END AS ListCost,
    CASE WHEN is_promotion THEN promotion_credits ELSE net_cost END AS x_net_effective_cost,
    CASE WHEN pool = 'unused_commitment' THEN cost ELSE 0 END AS x_commitment_cost
FROM pooled
