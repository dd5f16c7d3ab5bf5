-- How many rows of each line item type have a value in the columns that their amortised or net cost is made of: an export may lack them.
-- AWS fills the columns of commitments on every row of their types, as its CUDOS views rely on, but for Dedicated Hosts, whose reservations
-- it does not amortise. A fee without a recurring or without an upfront part needs no column for it. Net costs are there where the payer
-- has a discount, on rows of every type.
WITH counted AS (
    SELECT
        x_source,
        x_period,
        line_item_line_item_type,
        count(*) AS row_count,
        count(CASE WHEN line_item_line_item_type = 'RIFee' AND line_item_unblended_cost <> 0 THEN 1 END) AS recurring_fees,
        count(
            CASE
                WHEN line_item_line_item_type = 'RIFee' AND coalesce(reservation_amortized_upfront_fee_for_billing_period, 1) <> 0 THEN 1
            END
        ) AS upfront_fees,
        count(line_item_net_unblended_cost) AS net_costs,
        count(
            CASE WHEN line_item_line_item_type = 'SavingsPlanCoveredUsage' THEN savings_plan_savings_plan_effective_cost END
        ) AS plan_effective_costs,
        count(
            CASE WHEN line_item_line_item_type = 'SavingsPlanRecurringFee' THEN savings_plan_total_commitment_to_date END
        ) AS total_commitments,
        count(
            CASE WHEN line_item_line_item_type = 'SavingsPlanRecurringFee' THEN savings_plan_used_commitment END
        ) AS used_commitments,
        count(CASE WHEN line_item_line_item_type = 'DiscountedUsage' THEN reservation_effective_cost END) AS reservation_effective_costs,
        count(
            CASE WHEN line_item_line_item_type = 'RIFee' THEN reservation_unused_amortized_upfront_fee_for_billing_period END
        ) AS unused_upfront_fees,
        count(CASE WHEN line_item_line_item_type = 'RIFee' THEN reservation_unused_recurring_fee END) AS unused_recurring_fees,
        count(CASE WHEN line_item_line_item_type = 'RIFee' THEN reservation_reservation_a_r_n END) AS reservations
    FROM raw.aws_cur
    WHERE
        x_source = $source
        AND list_contains($periods, x_period)
        AND (line_item_operation IS NULL OR (line_item_operation <> 'EKSPod-EC2' AND line_item_operation <> 'ECSTask-EC2'))
        AND NOT (
            (line_item_line_item_type = 'DiscountedUsage' OR line_item_line_item_type = 'RIFee')
            AND coalesce(line_item_usage_type LIKE '%HostUsage:%' OR line_item_usage_type LIKE '%HostBoxUsage:%', FALSE)
        )
    GROUP BY x_source, x_period, line_item_line_item_type
),

needed AS (
    SELECT
        pairs.charge_type,
        pairs.column_name
    FROM (
        VALUES
        ('SavingsPlanCoveredUsage', 'savings_plan_savings_plan_effective_cost'),
        ('SavingsPlanRecurringFee', 'savings_plan_total_commitment_to_date'),
        ('SavingsPlanRecurringFee', 'savings_plan_used_commitment'),
        ('DiscountedUsage', 'reservation_effective_cost'),
        ('RIFee', 'reservation_unused_amortized_upfront_fee_for_billing_period'),
        ('RIFee', 'reservation_unused_recurring_fee'),
        -- Tells upfront payments of reservations from other fees.
        ('RIFee', 'reservation_reservation_a_r_n'),
        (NULL, 'line_item_net_unblended_cost')
    ) AS pairs (charge_type, column_name)
)

SELECT
    counted.x_source AS source,
    counted.x_period AS period,
    counted.line_item_line_item_type AS charge_type,
    needed.column_name,
    CASE needed.column_name
        WHEN 'reservation_unused_amortized_upfront_fee_for_billing_period' THEN counted.upfront_fees
        WHEN 'reservation_unused_recurring_fee' THEN counted.recurring_fees
        ELSE counted.row_count
    END AS row_count,
    CASE needed.column_name
        WHEN 'savings_plan_savings_plan_effective_cost' THEN counted.plan_effective_costs
        WHEN 'savings_plan_total_commitment_to_date' THEN counted.total_commitments
        WHEN 'savings_plan_used_commitment' THEN counted.used_commitments
        WHEN 'reservation_effective_cost' THEN counted.reservation_effective_costs
        WHEN 'reservation_unused_amortized_upfront_fee_for_billing_period' THEN counted.unused_upfront_fees
        WHEN 'reservation_unused_recurring_fee' THEN counted.unused_recurring_fees
        WHEN 'reservation_reservation_a_r_n' THEN counted.reservations
        ELSE counted.net_costs
    END AS filled_count
FROM counted
INNER JOIN needed ON needed.charge_type IS NULL OR counted.line_item_line_item_type = needed.charge_type
