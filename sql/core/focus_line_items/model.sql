-- FOCUS rows of any provider with their costs; all texts still as delivered, so that they can be summed before they are named.
-- Providers break the enumerations of the standard in small ways, so these are compared without case.
WITH providers AS (
    SELECT
        *,
        CASE
            WHEN lower(ProviderName) IN ('aws', 'amazon', 'amazon web services', 'amazon web services, inc.') THEN 'AWS'
            WHEN lower(ProviderName) IN ('gcp', 'google', 'google cloud', 'google cloud platform', 'google llc') THEN 'GCP'
            ELSE ProviderName
        END AS provider,
        lower(ChargeCategory) AS category,
        lower(PricingCategory) AS pricing,
        lower(CommitmentDiscountStatus) AS commitment_status,
        coalesce(lower(ChargeClass) = 'correction', FALSE) AS is_correction
    FROM raw.focus
),

charges AS (
    SELECT
        *,
        CASE
            WHEN category = 'usage' AND commitment_status = 'unused' THEN 'unused commitment'
            -- A correction belongs to a period that is invoiced already: it is no usage of this one.
            WHEN category = 'usage' AND is_correction THEN 'adjustment'
            WHEN category = 'usage' AND pricing = 'dynamic' THEN 'spot usage'
            WHEN category = 'usage' AND (commitment_status = 'used' OR pricing = 'committed') THEN 'covered usage'
            WHEN category = 'usage' AND pricing = 'standard' THEN 'usage'
            WHEN category = 'usage' AND pricing = 'other' THEN 'other usage'
            WHEN category = 'usage' THEN 'unpriced usage'
            WHEN category = 'purchase' AND CommitmentDiscountId <> '' THEN 'purchase'
            WHEN category = 'purchase' AND ServiceName LIKE '%Support%' THEN 'support'
            WHEN category = 'purchase' THEN 'fee'
            WHEN category IN ('tax', 'credit', 'adjustment') THEN category
            ELSE 'unclassified'
        END AS charge_kind,
        -- AWS's other deliveries name services by their code, which rules and inventories know.
        CASE
            WHEN provider <> 'AWS' THEN coalesce(ServiceName, provider)
            WHEN x_ServiceCode <> '' THEN x_ServiceCode
            WHEN ServiceName = 'Amazon Elastic Compute Cloud' THEN 'AmazonEC2'
            WHEN ServiceName = 'Amazon Elastic Compute Cloud - Compute' THEN 'AmazonEC2'
            WHEN ServiceName = 'Amazon Simple Storage Service' THEN 'AmazonS3'
            WHEN ServiceName = 'Amazon SageMaker' THEN 'AmazonSageMaker'
            WHEN ServiceName = 'Amazon Relational Database Service' THEN 'AmazonRDS'
            WHEN ServiceName = 'Amazon Virtual Private Cloud' THEN 'AmazonVPC'
            WHEN ServiceName = 'Elastic Load Balancing' THEN 'AWSELB'
            ELSE coalesce(ServiceName, provider)
        END AS service,
        coalesce(SkuPriceDetails['InstanceType'], SkuPriceDetails['x_InstanceType']) AS sku_instance_type,
        -- The last part of what the bill calls the resource: compute.instances, natgateway, Virtual Machine.
        translate(regexp_extract(lower(ResourceType), '[^/.]*$', 0), ' _-', '') AS kind,
        lower(ServiceCategory) = 'databases' OR ServiceName IN ('Cloud SQL', 'AmazonRDS') AS is_database,
        lower(ServiceCategory) = 'compute' OR ServiceName IN ('Compute Engine', 'AmazonEC2') AS is_compute,
        -- Unit and quantity of the price, so that quantity x price is the cost; what was consumed where the provider states no such unit.
        coalesce(PricingUnit <> '' AND PricingQuantity IS NOT NULL, FALSE) AS has_pricing_unit
    FROM providers
)

SELECT
    x_source,
    x_period,
    provider AS ProviderName,
    BillingAccountId,
    BillingAccountName,
    nullif(SubAccountId, '') AS SubAccountId,
    nullif(SubAccountName, '') AS SubAccountName,
    BillingCurrency,
    BillingPeriodStart,
    coalesce(BillingPeriodEnd, BillingPeriodStart + INTERVAL '1' MONTH) AS BillingPeriodEnd,
    coalesce(ChargePeriodStart, BillingPeriodStart) AS ChargePeriodStart,
    ChargePeriodEnd,
    InvoiceId,
    InvoiceIssuerName,
    PublisherName,
    CASE WHEN is_correction THEN 'Correction' END AS ChargeClass,
    CASE lower(ChargeFrequency) WHEN 'one-time' THEN 'One-Time' WHEN 'recurring' THEN 'Recurring' WHEN 'usage-based' THEN 'Usage-Based' END
        AS ChargeFrequency,
    ServiceCategory,
    RegionName,
    CommitmentDiscountName,
    CommitmentDiscountType,
    CapacityReservationId,
    RegionId AS delivered_region,
    service AS ServiceName,
    CASE
        WHEN x_UsageType <> '' THEN x_UsageType
        WHEN SkuMeter LIKE '%Usage%' THEN SkuMeter
        -- AWS FOCUS 1.2 has no usage type: an hour of RunInstances with an instance type is an instance-hour.
        WHEN
            provider = 'AWS'
            AND service = 'AmazonEC2'
            AND x_Operation LIKE 'RunInstances%'
            AND sku_instance_type <> ''
            AND lower(coalesce(PricingUnit, ConsumedUnit)) IN ('hours', 'hrs', 'hour')
            THEN concat(CASE WHEN pricing = 'dynamic' THEN 'SpotUsage:' ELSE 'BoxUsage:' END, sku_instance_type)
        ELSE coalesce(nullif(SkuMeter, ''), ChargeDescription)
    END AS delivered_usage_type,
    -- The operation of AWS tells the operating system; a SKU in its place would tell every instance type apart.
    CASE WHEN provider = 'AWS' THEN x_Operation ELSE coalesce(x_Operation, SkuId) END AS delivered_operation,
    coalesce(sku_instance_type, x_SystemLabels['compute.googleapis.com/machine_spec']) AS machine_type,
    ChargeCategory AS cost_type,
    charge_kind,
    CommitmentDiscountId AS commitment_id,
    CAST(NULL AS VARCHAR) AS reservation_id,
    ResourceId AS delivered_resource,
    -- Only for resources whose id does not tell their kind, see core.charges. Words that several services use count within one of them.
    -- Rules judge by kind what inventory and metrics know, and of other providers there are none.
    CASE
        WHEN provider NOT IN ('AWS', 'GCP') THEN NULL
        WHEN kind IN ('virtualmachine', 'virtualmachines') THEN 'virtual_machine'
        WHEN kind IN ('database', 'databases', 'db') THEN 'database'
        WHEN is_database AND kind IN ('instance', 'instances', 'cluster', 'clusters') THEN 'database'
        WHEN is_database AND provider = 'GCP' AND coalesce(kind, '') = '' THEN 'database'
        WHEN is_compute AND kind IN ('instance', 'instances') THEN 'virtual_machine'
        WHEN kind IN ('blockvolume', 'disk', 'disks') THEN 'block_volume'
        WHEN kind IN ('volume', 'volumes') AND service = 'AmazonEC2' THEN 'block_volume'
        WHEN kind IN ('snapshot', 'snapshots') AND is_database IS NOT TRUE THEN 'snapshot'
        WHEN kind IN ('machineimage', 'machineimages') OR (is_compute AND kind IN ('image', 'images')) THEN 'machine_image'
        WHEN kind IN ('ipaddress', 'elasticip') THEN 'ip_address'
        WHEN kind IN ('address', 'addresses') AND is_compute THEN 'ip_address'
        WHEN kind IN ('loadbalancer', 'loadbalancers', 'forwardingrule', 'forwardingrules') THEN 'load_balancer'
        WHEN kind IN ('natgateway', 'natgateways') THEN 'nat_gateway'
        WHEN kind IN ('bucket', 'buckets') THEN 'bucket'
        WHEN kind IN ('trainingjob', 'trainingjobs', 'customjobs', 'trainingpipelines') THEN 'training_job'
        WHEN kind = 'inferenceendpoint' THEN 'inference_endpoint'
        WHEN kind IN ('endpoint', 'endpoints') AND service IN ('AmazonSageMaker', 'Vertex AI') THEN 'inference_endpoint'
        WHEN kind IN ('notebook', 'notebookinstance') THEN 'notebook'
        WHEN kind = 'loggroup' THEN 'log_group'
    END AS stated_resource_type,
    ResourceName,
    AvailabilityZone,
    ChargeDescription,
    CASE WHEN has_pricing_unit THEN PricingQuantity ELSE coalesce(ConsumedQuantity, PricingQuantity) END AS delivered_quantity,
    CASE WHEN has_pricing_unit THEN PricingUnit ELSE coalesce(nullif(ConsumedUnit, ''), PricingUnit) END AS delivered_unit,
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
    -- Without an amortised cost the cash is all that is known, except that a commitment's purchase pays for usage that has its own rows.
    CASE WHEN charge_kind = 'purchase' THEN coalesce(EffectiveCost, 0) ELSE coalesce(EffectiveCost, BilledCost) END AS EffectiveCost,
    coalesce(ContractedCost, nullif(BilledCost, 0), EffectiveCost, 0) AS ContractedCost,
    -- A list price of nothing for usage that costs something is no price: it would make every saving look negative.
    CASE
        WHEN category = 'usage' THEN coalesce(nullif(ListCost, 0), nullif(ContractedCost, 0), nullif(BilledCost, 0), EffectiveCost, 0)
        ELSE coalesce(ListCost, ContractedCost, BilledCost)
    END AS ListCost,
    CASE WHEN charge_kind = 'purchase' THEN coalesce(EffectiveCost, 0) ELSE coalesce(EffectiveCost, BilledCost) END AS x_net_effective_cost,
    -- FOCUS states what a commitment costs a period on no row: it is the effective cost of its used and unused rows.
    CAST(0 AS DECIMAL(38, 12)) AS x_commitment_cost,
    1 AS x_line_items
FROM charges
