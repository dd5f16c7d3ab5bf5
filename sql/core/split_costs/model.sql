-- What containers used of the instances they ran on, by day, under the names of core.charges. In no total: the instances are charged there.
-- A pod is arn:aws:eks:<region>:<account>:pod/<cluster>/<namespace>/<pod>/<uid>, a task arn:aws:ecs:<region>:<account>:task/<cluster>/<id>.
SELECT
    x_source,
    x_period,
    BillingAccountId,
    SubAccountId,
    SubAccountName,
    BillingCurrency,
    BillingPeriodStart,
    usage_date,
    CASE WHEN delivered_operation = 'EKSPod-EC2' THEN 'EKS' ELSE 'ECS' END AS orchestrator,
    nullif(delivered_container, '') AS container_id,
    CASE
        WHEN delivered_parent LIKE 'arn:%' THEN regexp_replace(delivered_parent, '^.*/', '')
        ELSE nullif(delivered_parent, '')
    END AS parent_resource_id,
    coalesce(nullif(delivered_cluster, ''), nullif(regexp_extract(delivered_container, ':(pod|task)/([^/]+)/', 2), '')) AS cluster_name,
    coalesce(nullif(delivered_namespace, ''), nullif(regexp_extract(delivered_container, ':pod/[^/]+/([^/]+)/', 1), '')) AS namespace,
    nullif(delivered_workload, '') AS workload,
    coalesce(team_values.value, nullif(delivered_team, ''), by_id.team, by_name.team) AS x_team,
    coalesce(project_values.value, nullif(delivered_project, ''), by_id.project, by_name.project) AS x_project,
    coalesce(environment_values.value, nullif(delivered_environment, ''), by_id.environment, by_name.environment) AS x_environment,
    coalesce(owner_values.value, nullif(delivered_owner, ''), by_id.owner, by_name.owner) AS x_owner,
    coalesce(cost_center_values.value, nullif(delivered_cost_center, ''), by_id.cost_center, by_name.cost_center) AS x_cost_center,
    split_cost,
    unused_cost,
    net_split_cost,
    net_unused_cost,
    row_count
FROM core.split_line_items
LEFT JOIN meta.allocation_values AS team_values
    ON team_values.dimension = 'team' AND delivered_team = team_values.delivered
LEFT JOIN meta.allocation_values AS project_values
    ON project_values.dimension = 'project' AND delivered_project = project_values.delivered
LEFT JOIN meta.allocation_values AS environment_values
    ON environment_values.dimension = 'environment' AND delivered_environment = environment_values.delivered
LEFT JOIN meta.allocation_values AS owner_values
    ON owner_values.dimension = 'owner' AND delivered_owner = owner_values.delivered
LEFT JOIN meta.allocation_values AS cost_center_values
    ON cost_center_values.dimension = 'cost_center' AND delivered_cost_center = cost_center_values.delivered
LEFT JOIN meta.allocation_accounts AS by_id ON SubAccountId = by_id.account
LEFT JOIN meta.allocation_accounts AS by_name ON SubAccountName = by_name.account
