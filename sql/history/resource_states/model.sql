-- What every resource of the night $as_of is like: of its attributes only $settings, which somebody sets.
WITH resources AS (
    SELECT
        resource.provider,
        resource.account_id,
        resource.resource_id,
        any_value(resource.resource_type) AS resource_type,
        bool_or(resource.is_in_inventory) AS is_in_inventory,
        bool_or(resource.is_inventoried_type) AS is_inventoried_type,
        any_value(
            map(
                ['state', 'instance_type', 'instance_count', 'size_gib', 'volume_type', 'attached_to'],
                [
                    resource.state,
                    resource.instance_type,
                    CAST(resource.instance_count AS VARCHAR),
                    CAST(resource.size_gib AS VARCHAR),
                    resource.volume_type,
                    CASE WHEN resource.is_in_inventory THEN coalesce(resource.attached_to, 'nothing') END
                ]
            )
        ) AS columns_listed,
        any_value(resource.attributes) AS attributes,
        max(resource.last_charged_on) AS last_charged_on,
        max(cost.window_end) AS bill_end
    FROM usage.resources AS resource
    LEFT JOIN core.resource_costs AS cost
        ON
            resource.provider = cost.ProviderName
            AND resource.account_id IS NOT DISTINCT FROM cost.SubAccountId
            AND resource.resource_id = cost.ResourceId
            AND resource.currency = cost.BillingCurrency
    GROUP BY resource.provider, resource.account_id, resource.resource_id
),

facts AS (
    SELECT
        resources.provider,
        resources.account_id,
        resources.resource_id,
        unnest(map_keys(resources.columns_listed)) AS name,
        unnest(map_values(resources.columns_listed)) AS content
    FROM resources
    UNION ALL
    SELECT
        resources.provider,
        resources.account_id,
        resources.resource_id,
        unnest(map_keys(resources.attributes)) AS name,
        unnest(map_values(resources.attributes)) AS content
    FROM resources
),

configurations AS (
    SELECT
        facts.provider,
        facts.account_id,
        facts.resource_id,
        map(list(facts.name ORDER BY facts.name), list(facts.content ORDER BY facts.name)) AS configuration
    FROM facts
    WHERE
        facts.content IS NOT NULL
        AND (
            facts.name IN ('state', 'instance_type', 'instance_count', 'size_gib', 'volume_type', 'attached_to')
            OR list_contains($settings, facts.name)
        )
    GROUP BY facts.provider, facts.account_id, facts.resource_id
)

SELECT
    CAST($as_of AS DATE) AS as_of,
    resources.provider,
    resources.account_id,
    resources.resource_id,
    resources.resource_type,
    resources.is_in_inventory,
    resources.is_inventoried_type,
    coalesce(configurations.configuration, map([], [])) AS configuration,
    resources.last_charged_on,
    resources.bill_end
FROM resources
LEFT JOIN configurations
    ON
        resources.provider = configurations.provider
        AND resources.account_id IS NOT DISTINCT FROM configurations.account_id
        AND resources.resource_id = configurations.resource_id
