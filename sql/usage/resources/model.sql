-- The estate: every resource that the bill charges in the window or an inventory lists, matched by provider and id.
WITH charged AS (
    SELECT
        cost.ProviderName AS provider,
        cost.SubAccountId AS account_id,
        cost.SubAccountName AS account_name,
        cost.RegionId AS region,
        cost.ServiceName AS service,
        cost.ResourceId AS resource_id,
        cost.ResourceType AS resource_type,
        cost.x_instance_type AS instance_type,
        cost.BillingCurrency AS currency,
        cost.first_charged_on,
        cost.last_charged_on,
        cost.monthly_list_cost,
        cost.monthly_cost,
        cost.monthly_committed_cost,
        cost.monthly_instance_cost,
        cost.monthly_instance_list_cost,
        cost.monthly_instance_hours,
        cost.x_team AS team,
        cost.x_project AS project,
        cost.x_environment AS environment,
        cost.x_owner AS owner,
        cost.x_cost_center AS cost_center
    FROM core.resource_costs AS cost
),

-- A kind is inventoried where some resource of it is listed: in its region, or anywhere in the account where a kind has no regions.
inventoried_types AS (
    SELECT DISTINCT
        listed.provider,
        listed.account_id,
        listed.resource_type,
        CASE WHEN listed.resource_type <> 'bucket' THEN coalesce(listed.region, '') ELSE '' END AS region
    FROM inventory.resources AS listed
),

newest_inventories AS (
    SELECT
        loads.source,
        max(loads.period) AS period
    FROM meta.loads AS loads
    WHERE loads.is_current AND loads.source_type = 'inventory'
    GROUP BY loads.source
),

-- What an inventory could not list is not gone.
gaps AS (
    SELECT DISTINCT
        gap.provider,
        gap.account_id,
        gap.region,
        gap.subject
    FROM meta.collection_gaps AS gap
    INNER JOIN newest_inventories ON gap.source = newest_inventories.source AND gap.period = newest_inventories.period
    INNER JOIN meta.loads AS loads
        ON gap.source = loads.source AND gap.period = loads.period AND gap.version = loads.version AND loads.is_current
)

SELECT
    coalesce(charged.provider, listed.provider) AS provider,
    coalesce(charged.account_id, listed.account_id) AS account_id,
    charged.account_name,
    coalesce(listed.region, charged.region) AS region,
    charged.service,
    coalesce(charged.resource_id, listed.resource_id) AS resource_id,
    listed.resource_name,
    coalesce(listed.resource_type, charged.resource_type) AS resource_type,
    listed.resource_id IS NOT NULL AS is_in_inventory,
    inventoried_types.resource_type IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM gaps
        WHERE
            gaps.provider = coalesce(charged.provider, listed.provider)
            AND coalesce(gaps.account_id, charged.account_id, listed.account_id) = coalesce(charged.account_id, listed.account_id)
            AND coalesce(gaps.region, listed.region, charged.region, '') = coalesce(listed.region, charged.region, '')
            AND coalesce(gaps.subject, listed.resource_type, charged.resource_type)
            = coalesce(listed.resource_type, charged.resource_type)
    ) AS is_inventoried_type,
    listed.state,
    coalesce(listed.instance_type, charged.instance_type) AS instance_type,
    listed.instance_count,
    specification.vcpus,
    specification.memory_gib,
    specification.gpus,
    listed.size_gib,
    listed.volume_type,
    listed.attached_to,
    listed.source_id,
    listed.is_source_alive,
    listed.is_in_use,
    listed.created_at,
    listed.detached_at,
    listed.last_activity_at,
    listed.stop_condition_seconds,
    listed.tags,
    listed.attributes,
    charged.first_charged_on,
    charged.last_charged_on,
    charged.currency,
    coalesce(charged.monthly_list_cost, 0) AS monthly_list_cost,
    coalesce(charged.monthly_cost, 0) AS monthly_cost,
    coalesce(charged.monthly_committed_cost, 0) AS monthly_committed_cost,
    coalesce(charged.monthly_instance_cost, 0) AS monthly_instance_cost,
    coalesce(charged.monthly_instance_list_cost, 0) AS monthly_instance_list_cost,
    charged.monthly_instance_hours,
    coalesce(charged.team, listed.tags['team']) AS team,
    coalesce(charged.project, listed.tags['project']) AS project,
    coalesce(charged.environment, listed.tags['environment']) AS environment,
    coalesce(charged.owner, listed.tags['owner']) AS owner,
    coalesce(charged.cost_center, listed.tags['cost_center']) AS cost_center
FROM charged
FULL OUTER JOIN inventory.resources AS listed
    ON
        charged.provider = listed.provider
        AND charged.account_id = listed.account_id
        AND charged.resource_id = listed.resource_id
LEFT JOIN inventoried_types
    ON
        coalesce(charged.provider, listed.provider) = inventoried_types.provider
        AND coalesce(charged.account_id, listed.account_id) = inventoried_types.account_id
        AND coalesce(listed.resource_type, charged.resource_type) = inventoried_types.resource_type
        AND CASE
            WHEN coalesce(listed.resource_type, charged.resource_type) <> 'bucket' THEN coalesce(listed.region, charged.region, '')
            ELSE ''
        END = inventoried_types.region
LEFT JOIN inventory.instance_types AS specification
    ON
        coalesce(charged.provider, listed.provider) = specification.provider
        AND regexp_replace(coalesce(listed.instance_type, charged.instance_type), '^(ml|db|cache)\.', '') = specification.instance_type
