-- The newest inventory of each source before $as_of; where two sources list one resource, the later observation counts.
WITH newest_day AS (
    SELECT
        inventory.x_source,
        max(inventory.x_period) AS x_period
    FROM raw.inventory AS inventory
    WHERE CAST(inventory.x_period AS DATE) < $as_of
    GROUP BY inventory.x_source
),

ranked AS (
    SELECT
        inventory.*,
        row_number() OVER (
            PARTITION BY inventory.provider, inventory.account_id, inventory.resource_id
            ORDER BY inventory.observed_at DESC, inventory.x_source ASC
        ) AS recency
    FROM raw.inventory AS inventory
    INNER JOIN newest_day
        ON inventory.x_source = newest_day.x_source AND inventory.x_period = newest_day.x_period
)

SELECT
    ranked.provider,
    ranked.account_id,
    ranked.region,
    ranked.resource_id,
    ranked.resource_name,
    ranked.resource_type,
    ranked.state,
    ranked.instance_type,
    ranked.instance_count,
    ranked.size_gib,
    ranked.volume_type,
    ranked.attached_to,
    ranked.source_id,
    ranked.is_source_alive,
    ranked.is_in_use,
    ranked.created_at,
    ranked.detached_at,
    ranked.last_activity_at,
    ranked.stop_condition_seconds,
    ranked.tags,
    ranked.attributes,
    ranked.observed_at
FROM ranked
WHERE ranked.recency = 1
