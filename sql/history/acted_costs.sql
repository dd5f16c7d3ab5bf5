-- What the resources of the table `acted_days` cost within the windows registered as `acted_windows`; a day without a charge cost nothing.
SELECT
    frame.number,
    CAST(coalesce(sum(CASE WHEN days.usage_date < frame.measured_from THEN days.cost END), 0) AS DECIMAL(38, 12)) AS cost_before,
    CAST(coalesce(sum(CASE WHEN days.usage_date < frame.measured_from THEN days.list_cost END), 0) AS DECIMAL(38, 12)) AS list_cost_before,
    CAST(coalesce(sum(CASE WHEN days.usage_date >= frame.measured_from THEN days.cost END), 0) AS DECIMAL(38, 12)) AS cost,
    CAST(coalesce(sum(CASE WHEN days.usage_date >= frame.measured_from THEN days.list_cost END), 0) AS DECIMAL(38, 12)) AS list_cost
FROM acted_windows AS frame
LEFT JOIN acted_days AS days
    ON
        frame.provider = days.provider
        AND frame.account_id IS NOT DISTINCT FROM days.account_id
        AND frame.resource_id = days.resource_id
        AND frame.currency = days.currency
        AND frame.baseline_start <= days.usage_date
        AND frame.measured_until > days.usage_date
GROUP BY frame.number
ORDER BY frame.number
