"""Small bills as SELECT statements, in the columns that providers deliver."""

CUR_ROW = """
SELECT
    '111122223333' AS bill_payer_account_id,
    TIMESTAMP '2026-09-01' AS bill_billing_period_start_date,
    '444455556666' AS line_item_usage_account_id,
    'Usage' AS line_item_line_item_type,
    TIMESTAMP '2026-09-01 03:00:00' AS line_item_usage_start_date,
    'AmazonEC2' AS line_item_product_code,
    'USW2-BoxUsage:m5.large' AS line_item_usage_type,
    'i-1' AS line_item_resource_id,
    'USD' AS line_item_currency_code,
    0.1::DOUBLE AS line_item_unblended_cost,
    1.0::DOUBLE AS line_item_usage_amount
"""

GCP_ROW = """
SELECT
    '01D3M0-C0575E-15E7E5' AS billing_account_id,
    {'month': '202609'} AS invoice,
    'regular' AS cost_type,
    {'id': '6F81-5844-456A', 'description': 'Compute Engine'} AS service,
    {'id': '0001', 'description': 'N2 Instance Core running in Americas'} AS sku,
    TIMESTAMPTZ '2026-09-30 03:00:00+00' AS usage_start_time,
    TIMESTAMPTZ '2026-09-30 04:00:00+00' AS usage_end_time,
    TIMESTAMPTZ '2026-09-30 09:00:00+00' AS export_time,
    {'id': 'ml-prod', 'name': 'ML production'} AS project,
    [{'key': 'team', 'value': 'vision'}] AS labels,
    [{'key': 'compute.googleapis.com/machine_spec', 'value': 'n2-standard-8'}] AS system_labels,
    {'location': 'us-central1-a', 'region': 'us-central1', 'zone': 'us-central1-a'} AS location,
    {'name': 'vm', 'global_name': '//compute.googleapis.com/projects/ml-prod/zones/us-central1-a/instances/4711'} AS resource,
    'USD' AS currency,
    1.5::DOUBLE AS cost,
    {'amount_in_pricing_units': 8.0::DOUBLE, 'pricing_unit': 'hour'} AS usage,
    [
        {'name': 'Trial', 'amount': -0.5::DOUBLE, 'type': 'PROMOTION'},
        {'name': 'CUD', 'amount': -0.2::DOUBLE, 'type': 'COMMITTED_USAGE_DISCOUNT'},
        {'name': 'CUD', 'amount': -0.1::DOUBLE, 'type': 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE'},
        {'name': 'Fee', 'amount': -0.05::DOUBLE, 'type': 'FEE_UTILIZATION_OFFSET'},
        {'name': 'SUD', 'amount': -0.03::DOUBLE, 'type': 'SUSTAINED_USAGE_DISCOUNT'},
        {'name': 'Free', 'amount': -0.01::DOUBLE, 'type': 'FREE_TIER'}
    ] AS credits
"""
