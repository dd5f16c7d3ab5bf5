-- Databases that are stopped and still charged for storage.
WITH last_runs AS (
    SELECT
        daily.ProviderName AS provider,
        daily.SubAccountId AS account_id,
        daily.ResourceId AS resource_id,
        max(daily.usage_date) AS last_ran_on
    FROM core.daily_cost AS daily
    WHERE
        daily.x_pool = 'usage'
        AND daily.ResourceType = 'database'
        AND daily.consumed_quantity > 0
        AND (
            daily.x_usage_type LIKE '%Usage:db.%'
            OR daily.x_usage_type LIKE 'Cloud SQL%vCPU%'
            OR daily.x_usage_type LIKE 'Cloud SQL%RAM%'
        )
        AND daily.usage_date < CAST($as_of AS DATE)
    GROUP BY daily.ProviderName, daily.SubAccountId, daily.ResourceId
),

databases AS (
    SELECT
        resource.*,
        last_runs.last_ran_on,
        TRY_CAST(resource.attributes['stopped_at'] AS DATE) AS stopped_on,
        date_diff(
            'day',
            least(
                coalesce(last_runs.last_ran_on + 1, resource.first_charged_on),
                TRY_CAST(resource.attributes['stopped_at'] AS DATE)
            ),
            CAST($as_of AS DATE)
        ) AS stopped_days
    FROM usage.resources AS resource
    LEFT JOIN last_runs
        ON
            resource.provider = last_runs.provider
            AND resource.account_id = last_runs.account_id
            AND resource.resource_id = last_runs.resource_id
    WHERE resource.resource_type = 'database'
),

verdicts AS (
    SELECT
        databases.*,
        CASE
            WHEN databases.is_inventoried_type AND NOT databases.is_in_inventory THEN 'gone'
            WHEN NOT databases.is_in_inventory THEN 'not_in_inventory'
            WHEN lower(databases.state) NOT IN ('stopped', 'suspended') THEN 'running'
            WHEN databases.attributes['cluster_id'] IS NOT NULL THEN 'cluster_member'
            WHEN databases.currency IS NULL THEN 'uncharged'
            WHEN databases.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN databases.stopped_days >= $stopped_days THEN 'finding'
            ELSE 'stopped_lately'
        END AS verdict
    FROM databases
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    'medium' AS confidence,
    'It is stopped now; whether somebody plans to start it again is not known' AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'stopped_days': verdicts.stopped_days,
        'stopped_days_threshold': CAST($stopped_days AS INTEGER),
        'last_ran_on': verdicts.last_ran_on,
        'stopped_on': verdicts.stopped_on,
        'size_gib': verdicts.size_gib,
        'state': verdicts.state
    } AS evidence
FROM verdicts
