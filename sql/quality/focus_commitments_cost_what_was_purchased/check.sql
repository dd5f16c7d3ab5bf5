-- Commitments of FOCUS bills that began after the first loaded day and ended a month before the last one, whose used and unused cost is
-- not what their purchases were billed at, within 0.01 of a currency unit a month of the term.
WITH focus_sources AS (
    SELECT DISTINCT loads.source
    FROM meta.loads
    WHERE loads.is_current AND loads.source_type = 'focus'
),

focus_costs AS (
    SELECT daily_cost.*
    FROM core.daily_cost
    INNER JOIN focus_sources ON daily_cost.x_source = focus_sources.source
),

spans AS (
    SELECT
        x_source,
        min(usage_date) AS first_day,
        max(usage_date) AS last_day
    FROM focus_costs
    GROUP BY x_source
),

commitments AS (
    SELECT
        x_source,
        CommitmentDiscountId,
        BillingCurrency,
        min(usage_date) AS first_day,
        max(usage_date) AS last_day,
        count(DISTINCT strftime(usage_date, '%Y-%m')) AS months,
        sum(CASE WHEN x_pool = 'commitment_purchase' THEN BilledCost ELSE 0 END) AS purchased_cost,
        sum(CASE WHEN CommitmentDiscountStatus IS NOT NULL THEN EffectiveCost ELSE 0 END) AS amortised_cost
    FROM focus_costs
    WHERE CommitmentDiscountId IS NOT NULL
    GROUP BY x_source, CommitmentDiscountId, BillingCurrency
)

SELECT
    commitments.x_source,
    commitments.CommitmentDiscountId,
    commitments.BillingCurrency,
    commitments.first_day,
    commitments.last_day,
    commitments.purchased_cost,
    commitments.amortised_cost
FROM commitments
INNER JOIN spans ON commitments.x_source = spans.x_source
WHERE
    commitments.first_day > spans.first_day
    AND commitments.last_day + INTERVAL 31 DAYS <= spans.last_day
    AND abs(commitments.purchased_cost - commitments.amortised_cost) > 0.01 * commitments.months
ORDER BY commitments.x_source, commitments.CommitmentDiscountId, commitments.BillingCurrency
