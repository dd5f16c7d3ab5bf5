-- The rows that a rule returned (registered as `candidates`) with all that the ledger knows of their resources.
WITH resources AS (
    SELECT
        resource.provider,
        resource.account_id,
        resource.region,
        resource.service,
        resource.resource_id,
        resource.resource_name,
        resource.resource_type,
        resource.currency,
        resource.monthly_list_cost,
        resource.monthly_cost,
        resource.monthly_committed_cost,
        resource.monthly_instance_cost,
        resource.monthly_instance_list_cost,
        resource.owner,
        resource.team,
        resource.project,
        resource.environment,
        resource.cost_center,
        resource.attached_to,
        row_number() OVER (
            PARTITION BY resource.provider, resource.account_id, resource.resource_id
            ORDER BY resource.monthly_cost DESC, resource.currency ASC
        ) AS currency_rank
    FROM usage.resources AS resource
),

identified AS (
    SELECT
        resources.*,
        -- The currency is part of the id only for a resource's further currencies: elsewhere the id must outlive the first charge.
        left(
            sha256(
                concat_ws(
                    '|',
                    resources.provider,
                    coalesce(resources.account_id, ''),
                    resources.resource_id,
                    $rule_id,
                    CASE WHEN resources.currency_rank > 1 THEN resources.currency END
                )
            ),
            12
        ) AS finding_id
    FROM resources
),

history AS (
    SELECT
        finding.finding_id,
        min(finding.first_seen) AS first_seen
    FROM results.findings AS finding
    WHERE finding.rule_id = $rule_id AND finding.as_of < CAST($as_of AS DATE)
    GROUP BY finding.finding_id
)

SELECT
    identified.*,
    coalesce(history.first_seen, CAST($as_of AS DATE)) AS first_seen,
    candidates.outcome,
    candidates.reason,
    candidates.confidence,
    candidates.confidence_reason,
    CAST(candidates.remaining_cost_share AS DECIMAL(18, 12)) AS remaining_cost_share,
    CAST(candidates.target AS VARCHAR) AS target,
    CAST(candidates.accrued_cost AS DECIMAL(38, 12)) AS accrued_cost,
    CAST(to_json(candidates.evidence) AS VARCHAR) AS evidence
FROM candidates
INNER JOIN identified
    ON
        candidates.provider = identified.provider
        AND candidates.account_id IS NOT DISTINCT FROM identified.account_id
        AND candidates.resource_id = identified.resource_id
        AND candidates.currency IS NOT DISTINCT FROM identified.currency
LEFT JOIN history ON identified.finding_id = history.finding_id
ORDER BY identified.provider, identified.account_id, identified.resource_id, identified.currency
