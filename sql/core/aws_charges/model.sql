-- AWS line items under FOCUS 1.2 names, with the five costs of a row and the pool it belongs to.
-- Costs: amortisation as in AWS's own CUDOS summary view (aws-samples/aws-cudos-framework-deployment). Rows that describe a container's
-- share of an instance (split cost allocation) repeat the instance's charge and are left out.
WITH line_items AS (
    SELECT
        *,
        coalesce(line_item_net_unblended_cost, line_item_unblended_cost) AS net_cost,
        coalesce(reservation_unused_amortized_upfront_fee_for_billing_period, 0)
        + coalesce(reservation_unused_recurring_fee, 0) AS unused_reservation_cost,
        coalesce(savings_plan_total_commitment_to_date, line_item_unblended_cost)
        - coalesce(savings_plan_used_commitment, 0) AS unused_plan_cost,
        CASE
            WHEN line_item_line_item_type IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage') THEN 'usage'
            WHEN line_item_line_item_type = 'SavingsPlanNegation' THEN 'commitment_negation'
            WHEN line_item_line_item_type IN ('SavingsPlanRecurringFee', 'RIFee') THEN 'unused_commitment'
            WHEN line_item_line_item_type = 'SavingsPlanUpfrontFee' THEN 'commitment_purchase'
            WHEN line_item_line_item_type = 'Fee' AND reservation_reservation_a_r_n <> '' THEN 'commitment_purchase'
            WHEN line_item_line_item_type = 'Fee' AND line_item_product_code LIKE '%Support%' THEN 'support'
            WHEN line_item_line_item_type IN ('Fee', 'FlatRateSubscription') THEN 'fee'
            WHEN line_item_line_item_type = 'Credit' THEN 'credit'
            WHEN line_item_line_item_type = 'Refund' THEN 'refund'
            WHEN line_item_line_item_type = 'Tax' THEN 'tax'
            WHEN line_item_line_item_type LIKE '%Discount' THEN 'discount'
            ELSE 'unclassified'
        END AS pool
    FROM raw.aws_cur
    WHERE line_item_operation IS NULL OR line_item_operation NOT IN ('EKSPod-EC2', 'ECSTask-EC2')
),

costed AS (
    SELECT
        *,
        CASE
            WHEN line_item_line_item_type = 'Usage' THEN line_item_unblended_cost
            WHEN line_item_line_item_type = 'SavingsPlanCoveredUsage'
                THEN coalesce(savings_plan_savings_plan_effective_cost, line_item_unblended_cost)
            WHEN line_item_line_item_type = 'DiscountedUsage' THEN coalesce(reservation_effective_cost, line_item_unblended_cost)
            WHEN line_item_line_item_type = 'SavingsPlanRecurringFee' THEN unused_plan_cost
            WHEN line_item_line_item_type = 'RIFee' THEN unused_reservation_cost
            WHEN pool IN ('commitment_negation', 'commitment_purchase') THEN 0
            WHEN pool = 'refund' AND line_item_product_code = 'ComputeSavingsPlans' THEN 0
            ELSE line_item_unblended_cost
        END AS effective_cost,
        CASE
            WHEN line_item_line_item_type = 'Usage' THEN net_cost
            WHEN line_item_line_item_type = 'SavingsPlanCoveredUsage'
                THEN coalesce(
                    savings_plan_net_savings_plan_effective_cost, savings_plan_savings_plan_effective_cost, line_item_unblended_cost
                )
            WHEN line_item_line_item_type = 'DiscountedUsage'
                THEN coalesce(reservation_net_effective_cost, reservation_effective_cost, line_item_unblended_cost)
            -- AWS states no net used commitment: the plan's own discount carries over to what was not used of it.
            WHEN line_item_line_item_type = 'SavingsPlanRecurringFee' AND savings_plan_recurring_commitment_for_billing_period <> 0
                THEN CAST(
                    unused_plan_cost * coalesce(
                        CAST(savings_plan_net_recurring_commitment_for_billing_period AS DOUBLE)
                        / CAST(savings_plan_recurring_commitment_for_billing_period AS DOUBLE),
                        1
                    ) AS DECIMAL(38, 12)
                )
            WHEN
                line_item_line_item_type = 'SavingsPlanRecurringFee'
                AND savings_plan_amortized_upfront_commitment_for_billing_period <> 0
                THEN CAST(
                    unused_plan_cost * coalesce(
                        CAST(savings_plan_net_amortized_upfront_commitment_for_billing_period AS DOUBLE)
                        / CAST(savings_plan_amortized_upfront_commitment_for_billing_period AS DOUBLE),
                        1
                    ) AS DECIMAL(38, 12)
                )
            WHEN line_item_line_item_type = 'SavingsPlanRecurringFee' THEN unused_plan_cost
            WHEN line_item_line_item_type = 'RIFee'
                THEN coalesce(
                    reservation_net_unused_amortized_upfront_fee_for_billing_period,
                    reservation_unused_amortized_upfront_fee_for_billing_period,
                    0
                ) + coalesce(reservation_net_unused_recurring_fee, reservation_unused_recurring_fee, 0)
            WHEN pool IN ('commitment_negation', 'commitment_purchase') THEN 0
            WHEN pool = 'refund' AND line_item_product_code = 'ComputeSavingsPlans' THEN 0
            -- With net columns every other row already is after discounts; without them the discount rows are all there is.
            WHEN pool = 'discount' AND line_item_net_unblended_cost IS NOT NULL THEN 0
            ELSE net_cost
        END AS net_effective_cost,
        CASE
            WHEN line_item_line_item_type = 'DiscountedUsage'
                THEN coalesce(nullif(pricing_public_on_demand_cost, 0), reservation_effective_cost, line_item_unblended_cost)
            WHEN pool IN ('commitment_negation', 'commitment_purchase', 'unused_commitment') THEN 0
            ELSE line_item_unblended_cost
        END AS contracted_cost,
        CASE
            WHEN line_item_line_item_type = 'Usage' THEN coalesce(nullif(pricing_public_on_demand_cost, 0), line_item_unblended_cost)
            WHEN line_item_line_item_type = 'DiscountedUsage'
                THEN coalesce(nullif(pricing_public_on_demand_cost, 0), reservation_effective_cost, line_item_unblended_cost)
            WHEN pool IN ('commitment_negation', 'commitment_purchase', 'unused_commitment', 'credit', 'discount') THEN 0
            ELSE coalesce(nullif(pricing_public_on_demand_cost, 0), line_item_unblended_cost)
        END AS list_cost
    FROM line_items
)

SELECT
    x_source,
    x_period,
    'AWS' AS ProviderName,
    bill_payer_account_id AS BillingAccountId,
    line_item_usage_account_id AS SubAccountId,
    line_item_usage_account_name AS SubAccountName,
    line_item_currency_code AS BillingCurrency,
    bill_billing_period_start_date AS BillingPeriodStart,
    line_item_usage_start_date AS ChargePeriodStart,
    line_item_usage_end_date AS ChargePeriodEnd,
    nullif(bill_invoice_id, '') AS InvoiceId,
    nullif(product_region_code, '') AS RegionId,
    line_item_product_code AS ServiceName,
    CASE
        WHEN line_item_resource_id IS NULL OR line_item_resource_id = '' THEN NULL
        WHEN line_item_resource_id LIKE 'i-%' THEN 'virtual_machine'
        WHEN line_item_resource_id LIKE 'vol-%' THEN 'block_volume'
        WHEN line_item_product_code = 'AmazonS3' THEN 'bucket'
        WHEN line_item_resource_id LIKE '%:snapshot/snap-%' OR line_item_resource_id LIKE 'snap-%' THEN 'snapshot'
        WHEN line_item_resource_id LIKE '%:instance/i-%' THEN 'virtual_machine'
        WHEN line_item_resource_id LIKE '%:volume/vol-%' THEN 'block_volume'
        WHEN line_item_resource_id LIKE '%:natgateway/%' OR line_item_resource_id LIKE 'nat-%' THEN 'nat_gateway'
        WHEN line_item_resource_id LIKE '%:elastic-ip/%' OR line_item_resource_id LIKE 'eipalloc-%' THEN 'ip_address'
        WHEN line_item_resource_id LIKE 'arn:aws%:elasticloadbalancing:%' THEN 'load_balancer'
        WHEN line_item_resource_id LIKE 'arn:aws%:rds:%:db:%' THEN 'database'
        WHEN line_item_resource_id LIKE 'arn:aws%:sagemaker:%:endpoint/%' THEN 'inference_endpoint'
        WHEN line_item_resource_id LIKE 'arn:aws%:sagemaker:%:notebook-instance/%' THEN 'notebook'
        WHEN line_item_resource_id LIKE 'arn:aws%:sagemaker:%:training-job/%' THEN 'training_job'
        WHEN line_item_resource_id LIKE 'arn:aws%:logs:%:log-group:%' THEN 'log_group'
        WHEN line_item_resource_id LIKE '%:image/ami-%' THEN 'machine_image'
        ELSE 'other'
    END AS ResourceType,
    -- Region prefixes are two to four capitals and a digit (USE1-, EUC1-), EU-, CPT-, or the region's name (KMS).
    regexp_replace(line_item_usage_type, '^([A-Z]{2,4}[0-9]|EU|CPT|[a-z]{2}-[a-z]+-[0-9])-', '') AS x_usage_type,
    nullif(line_item_operation, '') AS x_operation,
    -- Spot rows often come without product columns.
    CASE
        WHEN product_instance_type <> '' THEN product_instance_type
        WHEN line_item_usage_type LIKE '%Usage:%.%' OR line_item_usage_type LIKE '%:ml.%' THEN split_part(line_item_usage_type, ':', 2)
    END AS x_instance_type,
    CASE
        WHEN pool = 'usage' THEN 'Usage'
        WHEN pool IN ('unused_commitment', 'commitment_purchase', 'fee', 'support') THEN 'Purchase'
        WHEN pool = 'tax' THEN 'Tax'
        WHEN pool = 'credit' THEN 'Credit'
        ELSE 'Adjustment'
    END AS ChargeCategory,
    CASE
        WHEN pool <> 'usage' THEN NULL
        WHEN line_item_line_item_type <> 'Usage' THEN 'Committed'
        WHEN line_item_usage_type LIKE '%SpotUsage%' THEN 'Dynamic'
        ELSE 'Standard'
    END AS PricingCategory,
    coalesce(nullif(savings_plan_savings_plan_a_r_n, ''), nullif(reservation_reservation_a_r_n, '')) AS CommitmentDiscountId,
    CASE
        WHEN line_item_line_item_type IN ('DiscountedUsage', 'SavingsPlanCoveredUsage') THEN 'Used'
        WHEN pool = 'unused_commitment' THEN 'Unused'
    END AS CommitmentDiscountStatus,
    line_item_line_item_type AS x_charge_type,
    pool AS x_pool,
    CASE
        WHEN line_item_resource_id = '' THEN NULL
        WHEN line_item_resource_id NOT LIKE 'arn:%' THEN line_item_resource_id
        WHEN line_item_resource_id LIKE 'arn:aws%:ec2:%' THEN regexp_replace(line_item_resource_id, '^.*/', '')
        ELSE regexp_replace(line_item_resource_id, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:', '')
    END AS ResourceId,
    CAST(NULL AS VARCHAR) AS ResourceName,
    nullif(line_item_availability_zone, '') AS AvailabilityZone,
    line_item_line_item_description AS ChargeDescription,
    CASE WHEN pool = 'usage' THEN line_item_usage_amount END AS ConsumedQuantity,
    nullif(pricing_unit, '') AS PricingUnit,
    resource_tags AS Tags,
    nullif(resource_tags['user_team'], '') AS x_team,
    nullif(resource_tags['user_project'], '') AS x_project,
    nullif(resource_tags['user_environment'], '') AS x_environment,
    nullif(resource_tags['user_owner'], '') AS x_owner,
    line_item_unblended_cost AS BilledCost,
    effective_cost AS EffectiveCost,
    contracted_cost AS ContractedCost,
    list_cost AS ListCost,
    net_effective_cost AS x_net_effective_cost,
    CASE
        WHEN line_item_line_item_type = 'SavingsPlanRecurringFee'
            THEN coalesce(savings_plan_total_commitment_to_date, line_item_unblended_cost)
        WHEN line_item_line_item_type = 'RIFee'
            THEN line_item_unblended_cost + coalesce(reservation_amortized_upfront_fee_for_billing_period, 0)
        ELSE 0
    END AS x_commitment_cost
FROM costed
