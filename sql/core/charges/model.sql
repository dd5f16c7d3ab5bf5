-- Every charge of every provider under FOCUS 1.2 names: the one cost basis that all later tables are made of.
WITH pooled AS (
    SELECT
        *,
        CASE
            WHEN charge_kind IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage', 'usage', 'spot usage') THEN 'usage'
            WHEN charge_kind IN ('covered usage', 'resource covered usage', 'spend covered usage') THEN 'usage'
            WHEN charge_kind IN ('other usage', 'unpriced usage') THEN 'usage'
            WHEN charge_kind = 'SavingsPlanNegation' THEN 'commitment_negation'
            WHEN charge_kind IN ('SavingsPlanRecurringFee', 'RIFee', 'unused fee', 'unused commitment') THEN 'unused_commitment'
            WHEN charge_kind IN ('SavingsPlanUpfrontFee', 'used fee', 'purchase') THEN 'commitment_purchase'
            WHEN charge_kind = 'Fee' AND reservation_id <> '' THEN 'commitment_purchase'
            WHEN charge_kind = 'Fee' AND ServiceName LIKE '%Support%' THEN 'support'
            WHEN charge_kind IN ('Fee', 'FlatRateSubscription', 'fee') THEN 'fee'
            WHEN charge_kind IN ('Credit', 'credit', 'promotion') THEN 'credit'
            WHEN charge_kind = 'Refund' THEN 'refund'
            WHEN charge_kind IN ('Tax', 'tax') THEN 'tax'
            WHEN charge_kind = 'support' THEN 'support'
            WHEN charge_kind IN ('adjustment', 'rounding_error') THEN 'adjustment'
            WHEN charge_kind LIKE '%Discount' THEN 'discount'
            ELSE 'unclassified'
        END AS pool
    FROM core.line_items
)

SELECT
    x_source,
    x_period,
    ProviderName,
    BillingAccountId,
    SubAccountId,
    SubAccountName,
    BillingCurrency,
    BillingAccountName,
    BillingPeriodStart,
    BillingPeriodEnd,
    ChargePeriodStart,
    ChargePeriodEnd,
    nullif(InvoiceId, '') AS InvoiceId,
    nullif(InvoiceIssuerName, '') AS InvoiceIssuerName,
    nullif(PublisherName, '') AS PublisherName,
    ChargeClass,
    CASE
        WHEN ChargeFrequency IS NOT NULL THEN ChargeFrequency
        WHEN pool = 'usage' OR charge_kind = 'SavingsPlanNegation' OR charge_kind IN ('unused fee', 'unused commitment') THEN 'Usage-Based'
        WHEN charge_kind IN ('RIFee', 'SavingsPlanRecurringFee', 'FlatRateSubscription', 'used fee', 'support') THEN 'Recurring'
        ELSE 'One-Time'
    END AS ChargeFrequency,
    ServiceCategory,
    nullif(RegionName, '') AS RegionName,
    nullif(CommitmentDiscountName, '') AS CommitmentDiscountName,
    CASE
        WHEN CommitmentDiscountType <> '' THEN CommitmentDiscountType
        WHEN reservation_id <> '' THEN 'Reserved Instance'
    END AS CommitmentDiscountType,
    nullif(CapacityReservationId, '') AS CapacityReservationId,
    nullif(delivered_region, '') AS RegionId,
    ServiceName,
    CASE
        WHEN coalesce(delivered_resource, '') = '' THEN NULL
        WHEN delivered_resource LIKE 'i-%' OR delivered_resource LIKE '%:instance/i-%' THEN 'virtual_machine'
        WHEN delivered_resource LIKE 'vol-%' OR delivered_resource LIKE '%:volume/vol-%' THEN 'block_volume'
        WHEN ServiceName IN ('AmazonS3', 'Cloud Storage') OR delivered_resource LIKE '//storage.googleapis.com/%' THEN 'bucket'
        WHEN delivered_resource LIKE 'snap-%' OR delivered_resource LIKE '%:snapshot/snap-%' THEN 'snapshot'
        WHEN delivered_resource LIKE 'nat-%' OR delivered_resource LIKE '%:natgateway/%' THEN 'nat_gateway'
        WHEN delivered_resource LIKE 'eipalloc-%' OR delivered_resource LIKE '%:elastic-ip/%' THEN 'ip_address'
        WHEN delivered_resource LIKE 'vpce-%' OR delivered_resource LIKE '%:vpc-endpoint/%' THEN 'vpc_endpoint'
        WHEN delivered_resource LIKE '%:image/ami-%' THEN 'machine_image'
        WHEN delivered_resource LIKE 'arn:aws%:elasticloadbalancing:%' THEN 'load_balancer'
        WHEN delivered_resource LIKE 'arn:aws%:rds:%:db:%' THEN 'database'
        WHEN delivered_resource LIKE 'arn:aws%:rds:%snapshot:%' THEN 'database_snapshot'
        WHEN delivered_resource LIKE 'arn:aws%:ecr:%:repository/%' THEN 'container_repository'
        WHEN delivered_resource LIKE 'arn:aws%:sagemaker:%:endpoint/%' THEN 'inference_endpoint'
        WHEN delivered_resource LIKE 'arn:aws%:sagemaker:%:notebook-instance/%' THEN 'notebook'
        WHEN delivered_resource LIKE 'arn:aws%:sagemaker:%:training-job/%' THEN 'training_job'
        WHEN delivered_resource LIKE 'arn:aws%:sagemaker:%:processing-job/%' THEN 'processing_job'
        WHEN delivered_resource LIKE 'arn:aws%:sagemaker:%:transform-job/%' THEN 'transform_job'
        WHEN delivered_resource LIKE 'arn:aws%:sagemaker:%:app/%' THEN 'studio_app'
        WHEN delivered_resource LIKE 'arn:aws%:sagemaker:%:domain/%' THEN 'studio_domain'
        WHEN delivered_resource LIKE 'arn:aws%:sagemaker:%:feature-group/%' THEN 'feature_store'
        WHEN delivered_resource LIKE 'arn:aws%:bedrock:%:provisioned-model/%' THEN 'provisioned_throughput'
        WHEN delivered_resource LIKE 'arn:aws%:logs:%:log-group:%' THEN 'log_group'
        WHEN delivered_resource LIKE '//cloudsql.googleapis.com/%' THEN 'database'
        WHEN delivered_resource LIKE '//compute.googleapis.com/%/instances/%' THEN 'virtual_machine'
        WHEN delivered_resource LIKE '//compute.googleapis.com/%/disks/%' THEN 'block_volume'
        WHEN delivered_resource LIKE '//compute.googleapis.com/%/snapshots/%' THEN 'snapshot'
        WHEN delivered_resource LIKE '//compute.googleapis.com/%/images/%' THEN 'machine_image'
        WHEN delivered_resource LIKE '//compute.googleapis.com/%/addresses/%' THEN 'ip_address'
        WHEN delivered_resource LIKE '//compute.googleapis.com/%/forwardingRules/%' THEN 'load_balancer'
        WHEN delivered_resource LIKE '//compute.googleapis.com/%/routers/%' THEN 'nat_gateway'
        WHEN delivered_resource LIKE '//aiplatform.googleapis.com/%/endpoints/%' THEN 'inference_endpoint'
        WHEN delivered_resource LIKE '//aiplatform.googleapis.com/%/customJobs/%' THEN 'training_job'
        WHEN delivered_resource LIKE '//aiplatform.googleapis.com/%/trainingPipelines/%' THEN 'training_job'
        WHEN delivered_resource LIKE '//aiplatform.googleapis.com/%/batchPredictionJobs/%' THEN 'transform_job'
        WHEN delivered_resource LIKE '//aiplatform.googleapis.com/%/featurestores/%' THEN 'feature_store'
        WHEN delivered_resource LIKE '//aiplatform.googleapis.com/%/featureOnlineStores/%' THEN 'feature_store'
        WHEN delivered_resource LIKE '//tpu.googleapis.com/%' THEN 'tpu'
        WHEN delivered_resource LIKE '//artifactregistry.googleapis.com/%' THEN 'container_repository'
        WHEN delivered_resource LIKE '//logging.googleapis.com/%/buckets/%' THEN 'log_group'
        ELSE coalesce(stated_resource_type, 'other')
    END AS ResourceType,
    -- Region prefixes are two to four capitals and a digit (USE1-, EUC1-), EU-, CPT-, or the region's name (KMS).
    CASE
        WHEN ProviderName = 'AWS'
            THEN regexp_replace(delivered_usage_type, '^([A-Z]{2,4}[0-9]|EU|CPT|[a-z]{2}-[a-z]+-[0-9])-', '')
        ELSE delivered_usage_type
    END AS x_usage_type,
    nullif(delivered_operation, '') AS x_operation,
    CASE
        WHEN machine_type <> '' THEN machine_type
        WHEN ProviderName <> 'AWS' THEN NULL
        WHEN delivered_usage_type LIKE '%Usage:%.%' OR delivered_usage_type LIKE '%:ml.%' THEN split_part(delivered_usage_type, ':', 2)
    END AS x_instance_type,
    CASE
        -- Bills with fees state what was unused of one on the fee; FOCUS states it as usage that nobody used.
        WHEN pool = 'usage' OR charge_kind = 'unused commitment' THEN 'Usage'
        WHEN pool IN ('unused_commitment', 'commitment_purchase', 'fee', 'support') THEN 'Purchase'
        WHEN pool = 'tax' THEN 'Tax'
        WHEN pool = 'credit' THEN 'Credit'
        ELSE 'Adjustment'
    END AS ChargeCategory,
    CASE
        WHEN pool <> 'usage' THEN NULL
        WHEN charge_kind IN ('DiscountedUsage', 'SavingsPlanCoveredUsage', 'covered usage') THEN 'Committed'
        WHEN charge_kind IN ('resource covered usage', 'spend covered usage') THEN 'Committed'
        WHEN charge_kind = 'spot usage' THEN 'Dynamic'
        WHEN ProviderName = 'AWS' AND delivered_usage_type LIKE '%SpotUsage%' THEN 'Dynamic'
        WHEN ProviderName = 'GCP' AND (delivered_usage_type LIKE '%Spot%' OR delivered_usage_type LIKE '%Preemptible%') THEN 'Dynamic'
        WHEN charge_kind = 'other usage' THEN 'Other'
        WHEN charge_kind = 'unpriced usage' THEN NULL
        ELSE 'Standard'
    END AS PricingCategory,
    coalesce(nullif(commitment_id, ''), nullif(reservation_id, '')) AS CommitmentDiscountId,
    CASE
        WHEN charge_kind IN ('DiscountedUsage', 'SavingsPlanCoveredUsage', 'covered usage', 'used fee') THEN 'Used'
        WHEN charge_kind IN ('resource covered usage', 'spend covered usage') THEN 'Used'
        WHEN pool = 'unused_commitment' THEN 'Unused'
    END AS CommitmentDiscountStatus,
    coalesce(cost_type, charge_kind) AS x_charge_type,
    pool AS x_pool,
    charge_kind AS x_charge_kind,
    CASE
        WHEN delivered_resource = '' THEN NULL
        -- Inventory and metrics know Compute Engine resources by number and buckets by name. Vertex AI ids are only unique within their
        -- kind, so the kind stays with them. Every other name is one within its service, kind and place: it stays whole.
        WHEN delivered_resource LIKE '//compute.googleapis.com/%' AND regexp_matches(delivered_resource, '/[0-9]+$')
            THEN regexp_extract(delivered_resource, '[0-9]+$', 0)
        WHEN delivered_resource LIKE '//storage.googleapis.com/%' THEN regexp_extract(delivered_resource, '[^/]+$', 0)
        WHEN
            delivered_resource LIKE '//aiplatform.googleapis.com/%'
            AND regexp_matches(delivered_resource, '/(endpoints|customJobs|trainingPipelines|batchPredictionJobs|\w+[sS]tores)/[^/]+$')
            THEN regexp_extract(delivered_resource, '[^/]+/[^/]+$', 0)
        WHEN delivered_resource NOT LIKE 'arn:%' THEN delivered_resource
        WHEN delivered_resource LIKE 'arn:aws%:ec2:%' THEN regexp_replace(delivered_resource, '^.*/', '')
        WHEN delivered_resource LIKE 'arn:aws%:s3:::%' THEN regexp_extract(delivered_resource, ':::([^/]+)', 1)
        -- Every other name is one within its service, account and region only: the ARN stays whole.
        ELSE delivered_resource
    END AS ResourceId,
    nullif(ResourceName, '') AS ResourceName,
    nullif(AvailabilityZone, '') AS AvailabilityZone,
    ChargeDescription,
    CASE WHEN pool = 'usage' THEN delivered_quantity END AS ConsumedQuantity,
    CASE WHEN pool = 'commitment_purchase' THEN delivered_quantity END AS x_committed_quantity,
    nullif(delivered_unit, '') AS PricingUnit,
    PricingQuantity,
    ListUnitPrice,
    ContractedUnitPrice,
    SkuId,
    nullif(SkuPriceId, '') AS SkuPriceId,
    Tags,
    coalesce(team_values.value, nullif(delivered_team, ''), by_id.team, by_name.team) AS x_team,
    coalesce(project_values.value, nullif(delivered_project, ''), by_id.project, by_name.project) AS x_project,
    coalesce(environment_values.value, nullif(delivered_environment, ''), by_id.environment, by_name.environment) AS x_environment,
    coalesce(owner_values.value, nullif(delivered_owner, ''), by_id.owner, by_name.owner) AS x_owner,
    coalesce(cost_center_values.value, nullif(delivered_cost_center, ''), by_id.cost_center, by_name.cost_center) AS x_cost_center,
    BilledCost,
    EffectiveCost,
    ContractedCost,
    ListCost,
    x_net_effective_cost,
    x_commitment_cost,
    x_line_items
FROM pooled
-- Delivered values that stand for another name, and accounts that speak for charges without a tag: see costsieve.core.allocation_values.
LEFT JOIN meta.allocation_values AS team_values
    ON team_values.dimension = 'team' AND delivered_team = team_values.delivered
LEFT JOIN meta.allocation_values AS project_values
    ON project_values.dimension = 'project' AND delivered_project = project_values.delivered
LEFT JOIN meta.allocation_values AS environment_values
    ON environment_values.dimension = 'environment' AND delivered_environment = environment_values.delivered
LEFT JOIN meta.allocation_values AS owner_values
    ON owner_values.dimension = 'owner' AND delivered_owner = owner_values.delivered
LEFT JOIN meta.allocation_values AS cost_center_values
    ON cost_center_values.dimension = 'cost_center' AND delivered_cost_center = cost_center_values.delivered
LEFT JOIN meta.allocation_accounts AS by_id ON coalesce(SubAccountId, BillingAccountId) = by_id.account
LEFT JOIN meta.allocation_accounts AS by_name ON SubAccountName = by_name.account
