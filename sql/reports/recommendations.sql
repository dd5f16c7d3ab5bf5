-- Commitments and lifecycle schedules of the night.
SELECT
    recommendation_id,
    kind,
    provider,
    account_id,
    region,
    resource_id,
    title,
    currency,
    monthly_savings,
    monthly_savings_before_cleanup,
    one_off_cost,
    confidence,
    assumptions,
    details,
    command
FROM results.recommendations
WHERE as_of = $as_of
ORDER BY currency ASC, monthly_savings DESC, recommendation_id ASC
