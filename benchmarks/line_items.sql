-- One file of a billing month of hourly CUR 2.0 line items: $things billed things, each in every hour, in no order, with noisy amounts.
-- Every file holds the $part-th of $parts random shares of the month's $rows rows.
WITH positions AS (
    SELECT numbers.range AS position
    FROM range($rows) AS numbers
    WHERE hash(numbers.range) % $parts = $part
    ORDER BY hash(numbers.range, 2)
),

things AS (
    SELECT
        position // $things AS hour_number,
        position % $things AS thing,
        (position % $things) % 20 AS kind,
        CAST(hash(position % $things) % 1000000007 AS BIGINT) AS thing_hash,
        format('{:016x}', hash(position % $things)) || '0' AS hexadecimal_id,
        hash(position, $month) / 18446744073709551616 AS noise,
        format('{:016x}', hash(position, $month, 1)) || format('{:014x}', hash(position, $month, 2) // 256) AS line_item_id
    FROM positions
),

named AS (
    SELECT
        *,
        CAST($month AS TIMESTAMP) + to_hours(CAST(hour_number AS BIGINT)) AS usage_start,
        format('{:012d}', 100000000001 + thing % 4) AS account_id,
        ['us-east-1', 'eu-west-1', 'us-west-2'][1 + thing % 3] AS region,
        ['', 'EU-', 'USW2-'][1 + thing % 3] AS prefix,
        ['m5.large', 'm5.2xlarge', 'c6i.xlarge', 'r6i.4xlarge', 'g5.xlarge', 'p3.2xlarge', 't3.medium'][
            1 + thing_hash % 7
        ] AS instance_type,
        [0.096, 0.384, 0.17, 1.008, 1.006, 3.06, 0.0416][1 + thing_hash % 7] AS rate
    FROM things
),

priced AS (
    SELECT
        *,
        CASE
            -- The negation row of a covered row repeats its amount: the thing before it, in the same hour.
            WHEN kind IN (7, 8) THEN [0.096, 0.384, 0.17, 1.008, 1.006][1 + (thing // 20) % 5]
            WHEN kind < 12 OR kind = 18 THEN rate * (0.25 + 0.75 * noise)
            ELSE 0.0001 + 0.02 * noise
        END AS cost,
        CASE WHEN kind < 12 OR kind = 18 THEN 0.25 + 0.75 * noise ELSE 100 * noise END AS amount
    FROM named
)

SELECT
    line_item_id AS identity_line_item_id,
    '100000000001' AS bill_payer_account_id,
    CAST($month AS TIMESTAMP) AS bill_billing_period_start_date,
    CAST($month AS TIMESTAMP) + INTERVAL 1 MONTH AS bill_billing_period_end_date,
    CAST(NULL AS VARCHAR) AS bill_invoice_id,
    'Anniversary' AS bill_bill_type,
    'AWS' AS bill_billing_entity,
    account_id AS line_item_usage_account_id,
    'ml-account-' || thing % 4 AS line_item_usage_account_name,
    CASE
        WHEN kind = 7 THEN 'SavingsPlanCoveredUsage'
        WHEN kind = 8 THEN 'SavingsPlanNegation'
        WHEN kind = 10 THEN 'DiscountedUsage'
        ELSE 'Usage'
    END AS line_item_line_item_type,
    usage_start AS line_item_usage_start_date,
    usage_start + INTERVAL 1 HOUR AS line_item_usage_end_date,
    CASE WHEN kind = 16 THEN 'AmazonS3' WHEN kind = 18 THEN 'AmazonSageMaker' ELSE 'AmazonEC2' END AS line_item_product_code,
    prefix || CASE
        WHEN kind < 11 THEN 'BoxUsage:' || instance_type
        WHEN kind = 11 THEN 'SpotUsage:' || instance_type
        WHEN kind < 16 THEN 'EBS:VolumeUsage.gp3'
        WHEN kind = 16 THEN 'TimedStorage-ByteHrs'
        WHEN kind = 17 THEN 'NatGateway-Bytes'
        WHEN kind = 18 THEN 'Host:ml.' || instance_type
        ELSE 'DataTransfer-Regional-Bytes'
    END AS line_item_usage_type,
    CASE
        WHEN kind < 12 THEN 'RunInstances'
        WHEN kind < 16 THEN 'CreateVolume-Gp3'
        WHEN kind = 16 THEN 'StandardStorage'
        WHEN kind = 17 THEN 'NatGateway'
        WHEN kind = 18 THEN 'RunInstance'
        ELSE 'InterZone-Out'
    END AS line_item_operation,
    CASE
        WHEN kind = 8 THEN NULL
        WHEN kind < 12 OR kind = 19 THEN 'i-' || hexadecimal_id
        WHEN kind < 16 THEN 'vol-' || hexadecimal_id
        WHEN kind = 16 THEN 'datasets-' || thing
        WHEN kind = 17 THEN 'arn:aws:ec2:' || region || ':' || account_id || ':natgateway/nat-' || hexadecimal_id
        ELSE 'arn:aws:sagemaker:' || region || ':' || account_id || ':endpoint/ranker-' || thing
    END AS line_item_resource_id,
    region || ['a', 'b', 'c'][1 + thing_hash % 3] AS line_item_availability_zone,
    'USD' AS line_item_currency_code,
    CASE WHEN kind IN (7, 8) THEN 1.0 ELSE amount END AS line_item_usage_amount,
    CASE WHEN kind = 8 THEN -cost WHEN kind = 10 THEN 0 ELSE cost END AS line_item_unblended_cost,
    CASE WHEN kind = 8 THEN -cost WHEN kind = 10 THEN 0 ELSE cost * 0.94 END AS line_item_net_unblended_cost,
    CASE WHEN kind IN (8, 11) THEN 0 ELSE cost END AS pricing_public_on_demand_cost,
    CASE WHEN kind < 12 OR kind = 18 THEN 'Hrs' WHEN kind < 17 THEN 'GB-Mo' ELSE 'GB' END AS pricing_unit,
    CASE WHEN kind = 10 THEN 'Reserved' WHEN kind = 11 THEN 'Spot' ELSE 'OnDemand' END AS pricing_term,
    region AS product_region_code,
    CASE WHEN kind < 11 THEN instance_type WHEN kind = 18 THEN 'ml.' || instance_type END AS product_instance_type,
    CASE
        WHEN kind < 12 THEN 'Compute Instance'
        WHEN kind < 16 THEN 'Storage'
        WHEN kind = 16 THEN 'Storage'
        WHEN kind = 17 THEN 'NAT Gateway'
        WHEN kind = 18 THEN 'ML Instance'
        ELSE 'Data Transfer'
    END AS product_product_family,
    CASE WHEN kind IN (7, 8) THEN 'arn:aws:savingsplans::100000000001:savingsplan/plan-1' END AS savings_plan_savings_plan_a_r_n,
    CASE WHEN kind = 10 THEN 'arn:aws:ec2:us-east-1:100000000001:reserved-instances/' || thing % 5 END AS reservation_reservation_a_r_n,
    CASE WHEN kind = 10 THEN 0.6 * rate * amount END AS reservation_effective_cost,
    CASE WHEN kind = 10 THEN 0.56 * rate * amount END AS reservation_net_effective_cost,
    CASE WHEN kind = 7 THEN 0.7 * cost END AS savings_plan_savings_plan_effective_cost,
    CASE WHEN kind = 7 THEN 0.66 * cost END AS savings_plan_net_savings_plan_effective_cost,
    -- One thing in eight has no tags.
    CASE
        WHEN thing % 8 <> 7 AND kind <> 8
            THEN map(
                ['user_team', 'user_project', 'user_environment', 'user_owner', 'user_service'],
                [
                    ['vision', 'ranking', 'speech', 'platform'][1 + thing_hash % 4],
                    'project-' || thing_hash % 37,
                    ['prod', 'staging', 'dev'][1 + thing_hash % 3],
                    'owner-' || thing_hash % 53 || '@example.com',
                    'service-' || thing_hash % 11
                ]
            )
    END AS resource_tags
FROM priced
