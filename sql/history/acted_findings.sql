-- What was seen to be done about findings up to the night $as_of, with the first night after it that reported the finding again.
WITH acted AS (
    SELECT change.*
    FROM results.finding_changes AS change
    WHERE
        change.as_of <= CAST($as_of AS DATE)
        AND (
            (change.change = 'gone' AND change.reason IN ('fixed', 'resource_deleted'))
            OR (change.change = 'shrunk' AND change.reason = 'resized')
        )
),

returned AS (
    SELECT
        acted.finding_id,
        acted.currency,
        acted.as_of,
        min(change.as_of) AS returned_on
    FROM acted
    INNER JOIN results.finding_changes AS change
        ON acted.finding_id = change.finding_id AND acted.currency = change.currency AND acted.as_of < change.as_of
    WHERE change.change = 'back' AND change.as_of <= CAST($as_of AS DATE)
    GROUP BY acted.finding_id, acted.currency, acted.as_of
)

SELECT
    acted.finding_id,
    acted.rule_id,
    acted.provider,
    acted.account_id,
    acted.region,
    acted.service,
    acted.resource_id,
    acted.resource_name,
    acted.resource_type,
    acted.owner,
    acted.team,
    acted.action,
    acted.currency,
    acted.as_of AS acted_on,
    acted.previous_night AS measured_from,
    acted.reason,
    acted.detail,
    CASE WHEN acted.previous_monthly_savings IS NOT NULL THEN -acted.difference END AS predicted_monthly_savings,
    returned.returned_on
FROM acted
LEFT JOIN returned
    ON acted.finding_id = returned.finding_id AND acted.currency = returned.currency AND acted.as_of = returned.as_of
ORDER BY acted.as_of, acted.currency, acted.finding_id
