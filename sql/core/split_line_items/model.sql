-- What containers used of the instances they ran on (split cost allocation of EKS and ECS), by day, with texts as delivered.
-- These rows describe charges that are in the bill already: they are in no total. Exports without the columns are not read at all.
SELECT
    x_source,
    x_period,
    bill_payer_account_id AS BillingAccountId,
    line_item_usage_account_id AS SubAccountId,
    line_item_usage_account_name AS SubAccountName,
    line_item_currency_code AS BillingCurrency,
    bill_billing_period_start_date AS BillingPeriodStart,
    CAST(line_item_usage_start_date AS DATE) AS usage_date,
    line_item_operation AS delivered_operation,
    line_item_resource_id AS delivered_container,
    split_line_item_parent_resource_id AS delivered_parent,
    coalesce(
        resource_tags['aws:eks:cluster-name'],
        resource_tags['aws_eks_cluster_name'],
        resource_tags['aws:ecs:clusterName'],
        resource_tags['aws_ecs_cluster_name']
    ) AS delivered_cluster,
    coalesce(resource_tags['aws:eks:namespace'], resource_tags['aws_eks_namespace']) AS delivered_namespace,
    coalesce(
        resource_tags['aws:eks:workload-name'],
        resource_tags['aws_eks_workload_name'],
        resource_tags['aws:ecs:serviceName'],
        resource_tags['aws_ecs_service_name']
    ) AS delivered_workload,
    delivered_team,
    delivered_project,
    delivered_environment,
    delivered_owner,
    delivered_cost_center,
    coalesce(sum(split_line_item_split_cost), 0) AS split_cost,
    coalesce(sum(split_line_item_unused_cost), 0) AS unused_cost,
    coalesce(sum(coalesce(split_line_item_net_split_cost, split_line_item_split_cost)), 0) AS net_split_cost,
    coalesce(sum(coalesce(split_line_item_net_unused_cost, split_line_item_unused_cost)), 0) AS net_unused_cost,
    count(*) AS row_count
FROM raw.aws_cur
WHERE
    (split_line_item_split_cost IS NOT NULL OR split_line_item_unused_cost IS NOT NULL)
    AND (line_item_operation = 'EKSPod-EC2' OR line_item_operation = 'ECSTask-EC2')
GROUP BY
    x_source,
    x_period,
    bill_payer_account_id,
    line_item_usage_account_id,
    line_item_usage_account_name,
    line_item_currency_code,
    bill_billing_period_start_date,
    CAST(line_item_usage_start_date AS DATE),
    line_item_operation,
    line_item_resource_id,
    split_line_item_parent_resource_id,
    coalesce(
        resource_tags['aws:eks:cluster-name'],
        resource_tags['aws_eks_cluster_name'],
        resource_tags['aws:ecs:clusterName'],
        resource_tags['aws_ecs_cluster_name']
    ),
    coalesce(resource_tags['aws:eks:namespace'], resource_tags['aws_eks_namespace']),
    coalesce(
        resource_tags['aws:eks:workload-name'],
        resource_tags['aws_eks_workload_name'],
        resource_tags['aws:ecs:serviceName'],
        resource_tags['aws_ecs_service_name']
    ),
    delivered_team,
    delivered_project,
    delivered_environment,
    delivered_owner,
    delivered_cost_center
