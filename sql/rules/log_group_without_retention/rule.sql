-- Log groups that keep their events for ever, or for longer than anybody needs them.
WITH log_groups AS (
    SELECT
        resource.*,
        resource.attributes['retention_days'] AS retention,
        TRY_CAST(resource.attributes['retention_days'] AS INTEGER) AS retention_days,
        resource.attributes['log_group_class'] AS log_group_class,
        TRY_CAST(resource.attributes['stored_bytes'] AS DOUBLE) / 1e9 AS gigabytes
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'log_group'
),

verdicts AS (
    SELECT
        log_groups.*,
        CASE
            WHEN log_groups.is_inventoried_type AND NOT log_groups.is_in_inventory THEN 'gone'
            WHEN log_groups.log_group_class = 'DELIVERY' THEN 'managed'
            WHEN log_groups.retention_days <= $maximum_retention_days THEN 'expires'
            WHEN log_groups.gigabytes < $minimum_gigabytes THEN 'small'
            WHEN log_groups.gigabytes IS NULL AND log_groups.monthly_cost < $minimum_monthly_cost THEN 'small'
            WHEN NOT log_groups.is_in_inventory THEN 'not_in_inventory'
            WHEN log_groups.retention IS NULL THEN 'unknown_configuration'
            ELSE 'finding'
        END AS verdict
    FROM log_groups
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    'high' AS confidence,
    'The inventory tells the retention' AS confidence_reason,
    CAST(NULL AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'retention_days': verdicts.retention,
        'retention_days_threshold': CAST($maximum_retention_days AS INTEGER),
        'gigabytes': verdicts.gigabytes,
        'gigabytes_threshold': CAST($minimum_gigabytes AS DOUBLE),
        'log_group_class': verdicts.log_group_class
    } AS evidence
FROM verdicts
