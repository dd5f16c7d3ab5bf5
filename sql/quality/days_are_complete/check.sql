-- Days with far fewer line items than the same weekday of the four weeks before had in the middle, up to the day that still fills up.
WITH days AS (
    SELECT
        daily_cost.x_source,
        daily_cost.usage_date,
        sum(daily_cost.charge_count) AS line_items
    FROM core.daily_cost
    WHERE
        daily_cost.x_pool = 'usage'
        AND daily_cost.usage_date < $as_of
        AND daily_cost.usage_date >= $as_of - CAST($judged_days + 28 AS INTEGER)
    GROUP BY daily_cost.x_source, daily_cost.usage_date
),

bills AS (
    SELECT
        days.x_source,
        max(days.usage_date) AS latest_date
    FROM days
    GROUP BY days.x_source
),

usual AS (
    SELECT
        days.x_source,
        CAST(days.usage_date + weeks.n * 7 AS DATE) AS usage_date,
        median(days.line_items) AS usual_line_items
    FROM days
    CROSS JOIN (VALUES (1), (2), (3), (4)) AS weeks (n)
    GROUP BY days.x_source, CAST(days.usage_date + weeks.n * 7 AS DATE)
    HAVING count(*) >= $min_weeks
)

SELECT
    usual.x_source,
    usual.usage_date,
    coalesce(days.line_items, 0) AS line_items,
    CAST(usual.usual_line_items AS BIGINT) AS usual_line_items
FROM usual
INNER JOIN bills ON usual.x_source = bills.x_source
LEFT JOIN days ON usual.x_source = days.x_source AND usual.usage_date = days.usage_date
WHERE
    usual.usage_date >= $as_of - CAST($judged_days AS INTEGER)
    AND usual.usage_date < bills.latest_date
    AND usual.usage_date < $as_of - CAST($settling_days AS INTEGER)
    AND coalesce(days.line_items, 0) < usual.usual_line_items * $min_share
ORDER BY usual.x_source, usual.usage_date
