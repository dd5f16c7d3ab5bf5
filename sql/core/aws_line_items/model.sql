-- AWS line items with their costs; all texts still as delivered, so that they can be summed before they are named.
-- Costs: amortisation as in AWS's own CUDOS summary view (aws-samples/aws-cudos-framework-deployment). Rows that describe a container's
-- share of an instance (split cost allocation) repeat the instance's charge and are left out.
WITH net_deliveries AS (
    SELECT array_agg(concat(source, '/', period)) AS source_periods
    FROM meta.cost_columns
    WHERE column_name = 'line_item_net_unblended_cost' AND filled_count > 0
),

line_items AS (
    SELECT
        *,
        -- Purchases of commitments, what comes back for a returned plan, and the negation of covered usage: cash, but no cost of a day.
        -- Negotiated discounts on plans come back under the same product code (CUDOS pull request 1515): those are a cost of their day.
        line_item_line_item_type = 'SavingsPlanNegation' OR line_item_line_item_type = 'SavingsPlanUpfrontFee'
        OR (line_item_line_item_type = 'Fee' AND reservation_reservation_a_r_n <> '')
        OR (
            line_item_line_item_type = 'Refund'
            AND line_item_product_code = 'ComputeSavingsPlans'
            AND (
                coalesce(line_item_line_item_description, '') = ''
                OR line_item_line_item_description LIKE 'Refund for one-time fee for Savings Plan ID%'
            )
        ) AS is_cash_only,
        -- Net columns come and go with the payer's discounts, a month at a time. In a delivery with net costs those of the usage have every
        -- discount in them, whether the discount's own row has a net cost or, as often, none: counting it there would subtract it twice.
        -- In a delivery without, rows of discounts are all there is of them.
        line_item_line_item_type LIKE '%Discount'
        AND (
            line_item_net_unblended_cost IS NOT NULL
            OR coalesce(list_contains(net_deliveries.source_periods, concat(x_source, '/', x_period)), FALSE)
        ) AS is_in_net_costs,
        coalesce(savings_plan_total_commitment_to_date, line_item_unblended_cost) AS plan_cost,
        coalesce(savings_plan_total_commitment_to_date, line_item_unblended_cost)
        - coalesce(savings_plan_used_commitment, 0) AS unused_plan_cost
    FROM raw.aws_cur
    CROSS JOIN net_deliveries
    WHERE line_item_operation IS NULL OR (line_item_operation <> 'EKSPod-EC2' AND line_item_operation <> 'ECSTask-EC2')
)

SELECT
    x_source,
    x_period,
    'AWS' AS ProviderName,
    bill_payer_account_id AS BillingAccountId,
    bill_payer_account_name AS BillingAccountName,
    line_item_usage_account_id AS SubAccountId,
    line_item_usage_account_name AS SubAccountName,
    line_item_currency_code AS BillingCurrency,
    bill_billing_period_start_date AS BillingPeriodStart,
    bill_billing_period_start_date + INTERVAL '1' MONTH AS BillingPeriodEnd,
    line_item_usage_start_date AS ChargePeriodStart,
    line_item_usage_end_date AS ChargePeriodEnd,
    bill_invoice_id AS InvoiceId,
    bill_invoicing_entity AS InvoiceIssuerName,
    line_item_legal_entity AS PublisherName,
    CAST(NULL AS VARCHAR) AS ChargeClass,
    CAST(NULL AS VARCHAR) AS ChargeFrequency,
    CAST(NULL AS VARCHAR) AS ServiceCategory,
    product_location AS RegionName,
    CAST(NULL AS VARCHAR) AS CommitmentDiscountName,
    savings_plan_offering_type AS CommitmentDiscountType,
    capacity_reservation_capacity_reservation_arn AS CapacityReservationId,
    product_region_code AS delivered_region,
    line_item_product_code AS ServiceName,
    line_item_usage_type AS delivered_usage_type,
    line_item_operation AS delivered_operation,
    CAST(NULL AS VARCHAR) AS machine_type,
    CAST(NULL AS VARCHAR) AS cost_type,
    line_item_line_item_type AS charge_kind,
    savings_plan_savings_plan_a_r_n AS commitment_id,
    reservation_reservation_a_r_n AS reservation_id,
    line_item_resource_id AS delivered_resource,
    CAST(NULL AS VARCHAR) AS stated_resource_type,
    CAST(NULL AS VARCHAR) AS ResourceName,
    line_item_availability_zone AS AvailabilityZone,
    line_item_line_item_description AS ChargeDescription,
    line_item_usage_amount AS delivered_quantity,
    pricing_unit AS delivered_unit,
    line_item_usage_amount AS PricingQuantity,
    pricing_public_on_demand_rate AS ListUnitPrice,
    line_item_unblended_rate AS ContractedUnitPrice,
    product_sku AS SkuId,
    pricing_rate_code AS SkuPriceId,
    resource_tags AS Tags,
    delivered_team,
    delivered_project,
    delivered_environment,
    delivered_owner,
    delivered_cost_center,
    line_item_unblended_cost AS BilledCost,
    CASE
        WHEN line_item_line_item_type = 'Usage' THEN line_item_unblended_cost
        WHEN line_item_line_item_type = 'SavingsPlanCoveredUsage'
            THEN coalesce(savings_plan_savings_plan_effective_cost, line_item_unblended_cost)
        WHEN line_item_line_item_type = 'DiscountedUsage' THEN coalesce(reservation_effective_cost, line_item_unblended_cost)
        WHEN is_cash_only THEN 0
        WHEN line_item_line_item_type = 'SavingsPlanRecurringFee' THEN unused_plan_cost
        WHEN line_item_line_item_type = 'RIFee'
            THEN
                coalesce(reservation_unused_amortized_upfront_fee_for_billing_period, 0)
                + coalesce(reservation_unused_recurring_fee, 0)
        ELSE line_item_unblended_cost
    END AS EffectiveCost,
    -- Before commitments: covered hours at the account's on-demand price; fees, purchases and negations would count them twice.
    CASE
        WHEN line_item_line_item_type = 'Usage' OR line_item_line_item_type = 'SavingsPlanCoveredUsage' THEN line_item_unblended_cost
        WHEN line_item_line_item_type = 'DiscountedUsage'
            THEN coalesce(nullif(pricing_public_on_demand_cost, 0), reservation_effective_cost, line_item_unblended_cost)
        WHEN is_cash_only OR line_item_line_item_type = 'SavingsPlanRecurringFee' OR line_item_line_item_type = 'RIFee' THEN 0
        ELSE line_item_unblended_cost
    END AS ContractedCost,
    -- Spot, marketplace and fees have no list price: their cost stands in, so that list never shows less than what was paid.
    CASE
        WHEN pricing_public_on_demand_cost <> 0 AND line_item_line_item_type <> 'SavingsPlanNegation' THEN pricing_public_on_demand_cost
        WHEN line_item_line_item_type = 'Usage' OR line_item_line_item_type = 'SavingsPlanCoveredUsage' THEN line_item_unblended_cost
        WHEN line_item_line_item_type = 'DiscountedUsage' THEN coalesce(reservation_effective_cost, line_item_unblended_cost)
        WHEN is_cash_only OR line_item_line_item_type = 'SavingsPlanRecurringFee' OR line_item_line_item_type = 'RIFee' THEN 0
        WHEN line_item_line_item_type = 'Credit' OR line_item_line_item_type LIKE '%Discount' THEN 0
        ELSE line_item_unblended_cost
    END AS ListCost,
    CASE
        WHEN line_item_line_item_type = 'Usage' THEN coalesce(line_item_net_unblended_cost, line_item_unblended_cost)
        WHEN line_item_line_item_type = 'SavingsPlanCoveredUsage'
            THEN
                coalesce(
                    savings_plan_net_savings_plan_effective_cost, savings_plan_savings_plan_effective_cost, line_item_unblended_cost
                )
        WHEN line_item_line_item_type = 'DiscountedUsage'
            THEN coalesce(reservation_net_effective_cost, reservation_effective_cost, line_item_unblended_cost)
        WHEN is_cash_only THEN 0
        -- AWS states no net used commitment: the plan's own discount carries over to what was not used of it.
        WHEN line_item_line_item_type = 'SavingsPlanRecurringFee'
            THEN CAST(
                CASE
                    WHEN savings_plan_recurring_commitment_for_billing_period <> 0
                        THEN unused_plan_cost * coalesce(
                            CAST(savings_plan_net_recurring_commitment_for_billing_period AS DOUBLE)
                            / CAST(savings_plan_recurring_commitment_for_billing_period AS DOUBLE),
                            1
                        )
                    WHEN savings_plan_amortized_upfront_commitment_for_billing_period <> 0
                        THEN unused_plan_cost * coalesce(
                            CAST(savings_plan_net_amortized_upfront_commitment_for_billing_period AS DOUBLE)
                            / CAST(savings_plan_amortized_upfront_commitment_for_billing_period AS DOUBLE),
                            1
                        )
                    ELSE unused_plan_cost
                END AS DECIMAL(38, 12)
            )
        WHEN line_item_line_item_type = 'RIFee'
            THEN coalesce(
                reservation_net_unused_amortized_upfront_fee_for_billing_period,
                reservation_unused_amortized_upfront_fee_for_billing_period,
                0
            ) + coalesce(reservation_net_unused_recurring_fee, reservation_unused_recurring_fee, 0)
        WHEN is_in_net_costs THEN 0
        ELSE coalesce(line_item_net_unblended_cost, line_item_unblended_cost)
    END AS x_net_effective_cost,
    CASE
        WHEN line_item_line_item_type = 'SavingsPlanRecurringFee' THEN plan_cost
        WHEN line_item_line_item_type = 'RIFee'
            THEN line_item_unblended_cost + coalesce(reservation_amortized_upfront_fee_for_billing_period, 0)
        ELSE 0
    END AS x_commitment_cost,
    1 AS x_line_items
FROM line_items
