-- Every finding of the published nights and of the night $as_of: when it came, changed and went. Changes are in results.finding_changes.
WITH published AS (
    SELECT night.as_of FROM meta.nights AS night
    UNION
    SELECT CAST($as_of AS DATE) AS as_of
),

latest AS (
    SELECT max(published.as_of) AS as_of
    FROM published
),

reports AS (
    SELECT
        finding.finding_id,
        finding.currency,
        max_by(finding.rule_id, finding.as_of) AS rule_id,
        max_by(finding.provider, finding.as_of) AS provider,
        max_by(finding.account_id, finding.as_of) AS account_id,
        max_by(finding.resource_id, finding.as_of) AS resource_id,
        min(finding.as_of) AS first_seen,
        max(finding.as_of) AS last_seen,
        count(*) AS nights_reported,
        arg_max_null(finding.monthly_savings, finding.as_of) AS monthly_savings
    FROM results.findings AS finding
    INNER JOIN published ON finding.as_of = published.as_of
    GROUP BY finding.finding_id, finding.currency
),

changes AS (
    SELECT
        change.finding_id,
        change.currency,
        max(change.as_of) AS last_changed,
        max_by(change.reason, change.as_of) AS last_reason,
        count(*) FILTER (WHERE change.change = 'back') AS returns
    FROM results.finding_changes AS change
    GROUP BY change.finding_id, change.currency
)

SELECT
    reports.finding_id,
    reports.rule_id,
    reports.provider,
    reports.account_id,
    reports.resource_id,
    reports.currency,
    reports.first_seen,
    reports.last_seen,
    greatest(reports.first_seen, coalesce(changes.last_changed, reports.first_seen)) AS last_changed,
    CASE WHEN reports.last_seen < latest.as_of THEN changes.last_changed END AS gone_on,
    CASE WHEN reports.last_seen < latest.as_of THEN changes.last_reason END AS gone_reason,
    reports.nights_reported,
    coalesce(changes.returns, 0) AS returns,
    reports.monthly_savings
FROM reports
CROSS JOIN latest
LEFT JOIN changes ON reports.finding_id = changes.finding_id AND reports.currency = changes.currency
