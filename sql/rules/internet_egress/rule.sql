-- Resources whose traffic to the internet is a cost of its own.
WITH transfers AS (
    SELECT
        charge.provider,
        charge.account_id,
        charge.resource_id,
        charge.currency,
        sum(charge.monthly_cost) AS transfer_cost,
        sum(charge.monthly_quantity) AS gigabytes
    FROM usage.resource_charges AS charge
    WHERE
        (charge.provider = 'AWS' AND charge.usage_type LIKE '%DataTransfer-Out-Bytes')
        OR (charge.provider = 'GCP' AND (charge.usage_type LIKE 'Network Internet%' OR charge.usage_type LIKE 'Download %'))
    GROUP BY charge.provider, charge.account_id, charge.resource_id, charge.currency
)

SELECT
    resource.provider,
    resource.account_id,
    resource.resource_id,
    resource.currency,
    CASE WHEN transfers.transfer_cost >= $minimum_monthly_cost THEN 'finding' ELSE 'small' END AS verdict,
    'high' AS confidence,
    'The bill charges the transfer to this resource' AS confidence_reason,
    CAST(NULL AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'transfer_cost': transfers.transfer_cost,
        'transfer_cost_threshold': CAST($minimum_monthly_cost AS DOUBLE),
        'gigabytes': transfers.gigabytes,
        'share_of_resource_cost_percent': round(
            100 * CAST(transfers.transfer_cost AS DOUBLE) / nullif(CAST(resource.monthly_cost AS DOUBLE), 0), 1
        ),
        'price_source': 'bill of the resource in the last 30 complete days before ' || CAST(CAST($as_of AS DATE) AS VARCHAR)
    } AS evidence
FROM usage.resources AS resource
INNER JOIN transfers
    ON
        resource.provider = transfers.provider
        AND resource.account_id = transfers.account_id
        AND resource.resource_id = transfers.resource_id
        AND resource.currency = transfers.currency
WHERE resource.resource_type IN ('virtual_machine', 'load_balancer', 'nat_gateway', 'bucket', 'database', 'inference_endpoint', 'other')
