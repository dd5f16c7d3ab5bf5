-- Everything a night proposes that saves money every month: findings, and recommendations on what findings leave. Findings whose savings
-- are not known are no proposals. A finding that a machine should run under a commitment is none either: a commitment is bought for all of
-- the usage, so the recommendation that sizes it has these savings.
SELECT
    finding.action,
    finding.finding_id,
    CAST(NULL AS VARCHAR) AS recommendation_id,
    finding.rule_id AS kind,
    CAST(NULL AS VARCHAR) AS title,
    finding.provider,
    finding.account_id,
    finding.region,
    finding.service,
    finding.resource_id,
    finding.resource_name,
    finding.target,
    finding.owner,
    finding.team,
    finding.project,
    finding.environment,
    finding.currency,
    finding.monthly_savings AS gross_savings,
    CAST(NULL AS DECIMAL(18, 2)) AS savings_after_cleanup,
    finding.monthly_cost AS resource_cost,
    CASE
        WHEN
            list_contains($instance_actions, finding.action)
            AND CAST(finding.evidence ->> '$.savings.monthly_instance_cost' AS DECIMAL(38, 12)) > 0
            THEN CAST(finding.evidence ->> '$.savings.monthly_instance_cost' AS DECIMAL(38, 12))
        ELSE finding.monthly_cost
    END AS action_cost,
    finding.confidence
FROM results.findings AS finding
WHERE finding.as_of = CAST($as_of AS DATE) AND finding.monthly_savings > 0 AND finding.action <> 'commitment'
UNION ALL
SELECT
    CASE WHEN recommendation.kind = 's3_lifecycle' THEN 'storage' ELSE 'commitment' END AS action,
    CAST(NULL AS VARCHAR) AS finding_id,
    recommendation.recommendation_id,
    recommendation.kind,
    recommendation.title,
    recommendation.provider,
    recommendation.account_id,
    recommendation.region,
    resource.service,
    recommendation.resource_id,
    resource.resource_name,
    CAST(NULL AS VARCHAR) AS target,
    resource.owner,
    resource.team,
    resource.project,
    resource.environment,
    recommendation.currency,
    greatest(recommendation.monthly_savings, coalesce(recommendation.monthly_savings_before_cleanup, 0)) AS gross_savings,
    recommendation.monthly_savings AS savings_after_cleanup,
    CAST(resource.monthly_cost AS DECIMAL(18, 2)) AS resource_cost,
    resource.monthly_cost AS action_cost,
    recommendation.confidence
FROM results.recommendations AS recommendation
LEFT JOIN usage.resources AS resource
    ON
        recommendation.provider = resource.provider
        AND recommendation.account_id = resource.account_id
        AND recommendation.resource_id = resource.resource_id
        AND recommendation.currency = resource.currency
WHERE recommendation.as_of = CAST($as_of AS DATE) AND recommendation.monthly_savings > 0
