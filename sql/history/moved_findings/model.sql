-- Findings that came, went or save another amount between the nights registered as `compared_nights`, with all that tells why.
WITH now AS (
    SELECT
        night.previous_night,
        finding.*
    FROM compared_nights AS night
    INNER JOIN results.findings AS finding ON night.as_of = finding.as_of
),

before AS (
    SELECT
        night.as_of AS compared_on,
        finding.*
    FROM compared_nights AS night
    INNER JOIN results.findings AS finding ON night.previous_night = finding.as_of
),

moved AS (
    SELECT
        coalesce(now.as_of, before.compared_on) AS as_of,
        coalesce(now.previous_night, before.as_of) AS previous_night,
        coalesce(now.finding_id, before.finding_id) AS finding_id,
        coalesce(now.rule_id, before.rule_id) AS rule_id,
        coalesce(now.provider, before.provider) AS provider,
        coalesce(now.account_id, before.account_id) AS account_id,
        coalesce(now.region, before.region) AS region,
        coalesce(now.service, before.service) AS service,
        coalesce(now.resource_id, before.resource_id) AS resource_id,
        coalesce(now.resource_name, before.resource_name) AS resource_name,
        coalesce(now.resource_type, before.resource_type) AS resource_type,
        CASE WHEN now.finding_id IS NULL THEN before.owner ELSE now.owner END AS owner,
        CASE WHEN now.finding_id IS NULL THEN before.team ELSE now.team END AS team,
        coalesce(now.action, before.action) AS action,
        coalesce(now.currency, before.currency) AS currency,
        before.finding_id IS NOT NULL AS was_reported,
        now.finding_id IS NOT NULL AS is_reported,
        before.monthly_savings AS previous_monthly_savings,
        now.monthly_savings,
        before.monthly_cost AS previous_monthly_cost,
        now.monthly_cost
    FROM now
    FULL OUTER JOIN before
        ON now.as_of = before.compared_on AND now.finding_id = before.finding_id AND now.currency = before.currency
    WHERE
        before.finding_id IS NULL
        OR now.finding_id IS NULL
        OR before.monthly_savings IS DISTINCT FROM now.monthly_savings
),

-- The night in which a finding is not reported: what the ledger says of its resource there.
absent AS (
    SELECT
        moved.*,
        CASE WHEN moved.is_reported THEN moved.previous_night ELSE moved.as_of END AS absent_on
    FROM moved
    WHERE NOT moved.was_reported OR NOT moved.is_reported
),

ledger AS (
    SELECT
        absent.as_of,
        absent.finding_id,
        absent.currency,
        arg_min(evaluation.outcome, evaluation.currency IS DISTINCT FROM absent.currency) AS outcome,
        arg_min(concat_ws(': ', evaluation.reason, evaluation.reason_detail), evaluation.currency IS DISTINCT FROM absent.currency) AS why,
        arg_min(evaluation.monthly_cost, evaluation.currency IS DISTINCT FROM absent.currency) AS monthly_cost
    FROM absent
    INNER JOIN results.evaluations AS evaluation
        ON
            absent.absent_on = evaluation.as_of
            AND absent.rule_id = evaluation.rule_id
            AND absent.provider = evaluation.provider
            AND absent.account_id IS NOT DISTINCT FROM evaluation.account_id
            AND absent.resource_id = evaluation.resource_id
    GROUP BY absent.as_of, absent.finding_id, absent.currency
),

other_currency AS (
    SELECT DISTINCT
        absent.as_of,
        absent.finding_id,
        absent.currency
    FROM absent
    INNER JOIN results.findings AS other
        ON absent.absent_on = other.as_of AND absent.finding_id = other.finding_id AND absent.currency <> other.currency
),

published AS (
    SELECT night.as_of FROM meta.nights AS night
    UNION
    SELECT unnest([compared.as_of, compared.previous_night]) AS as_of FROM compared_nights AS compared
),

first_reports AS (
    SELECT
        finding.finding_id,
        finding.currency,
        min(finding.as_of) AS first_seen
    FROM results.findings AS finding
    INNER JOIN published ON finding.as_of = published.as_of
    GROUP BY finding.finding_id, finding.currency
)

SELECT
    moved.*,
    coalesce(first_reports.first_seen < moved.previous_night, FALSE) AS was_reported_earlier,
    other_currency.finding_id IS NOT NULL AS is_in_another_currency,
    ledger.outcome AS ledger_outcome,
    nullif(ledger.why, '') AS ledger_why,
    ledger.monthly_cost AS ledger_cost,
    observed.action AS observed_action,
    observed.detail AS observed_detail,
    state_before.resource_id IS NOT NULL AS was_known
FROM moved
LEFT JOIN ledger
    ON moved.as_of = ledger.as_of AND moved.finding_id = ledger.finding_id AND moved.currency = ledger.currency
LEFT JOIN other_currency
    ON moved.as_of = other_currency.as_of AND moved.finding_id = other_currency.finding_id AND moved.currency = other_currency.currency
LEFT JOIN first_reports
    ON moved.finding_id = first_reports.finding_id AND moved.currency = first_reports.currency
LEFT JOIN results.observed_actions AS observed
    ON
        moved.as_of = observed.as_of
        AND moved.provider = observed.provider
        AND moved.account_id IS NOT DISTINCT FROM observed.account_id
        AND moved.resource_id = observed.resource_id
LEFT JOIN results.resource_states AS state_before
    ON
        moved.previous_night = state_before.as_of
        AND moved.provider = state_before.provider
        AND moved.account_id IS NOT DISTINCT FROM state_before.account_id
        AND moved.resource_id = state_before.resource_id
ORDER BY moved.as_of, moved.currency, moved.finding_id
