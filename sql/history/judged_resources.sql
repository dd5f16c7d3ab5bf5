-- The resources that the rule $rule_id judged in the night $as_of, with the values that overrides go by.
SELECT
    evaluation.provider,
    evaluation.account_id,
    evaluation.resource_id,
    max_by(resource.owner, resource.monthly_cost) AS owner,
    max_by(resource.team, resource.monthly_cost) AS team,
    max_by(resource.project, resource.monthly_cost) AS project,
    max_by(resource.environment, resource.monthly_cost) AS environment,
    max_by(resource.cost_center, resource.monthly_cost) AS cost_center
FROM results.evaluations AS evaluation
INNER JOIN usage.resources AS resource
    ON
        evaluation.provider = resource.provider
        AND evaluation.account_id IS NOT DISTINCT FROM resource.account_id
        AND evaluation.resource_id = resource.resource_id
WHERE evaluation.as_of = CAST($as_of AS DATE) AND evaluation.rule_id = $rule_id
GROUP BY evaluation.provider, evaluation.account_id, evaluation.resource_id
ORDER BY evaluation.provider, evaluation.account_id, evaluation.resource_id
