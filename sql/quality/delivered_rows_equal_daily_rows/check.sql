-- Bills whose number of delivered rows is not the number of rows behind their daily costs.
WITH delivered AS (
    SELECT
        totals.source,
        totals.period,
        sum(totals.row_count) AS delivered_rows
    FROM meta.load_totals AS totals
    INNER JOIN meta.loads AS loads
        ON totals.source = loads.source AND totals.period = loads.period AND totals.version = loads.version
    WHERE loads.is_current
    GROUP BY totals.source, totals.period
),

daily AS (
    SELECT
        x_source AS source,
        x_period AS period,
        sum(charge_count) AS daily_rows
    FROM core.daily_cost
    GROUP BY x_source, x_period
)

SELECT
    coalesce(delivered.source, daily.source) AS source,
    coalesce(delivered.period, daily.period) AS period,
    coalesce(delivered.delivered_rows, 0) AS delivered_rows,
    coalesce(daily.daily_rows, 0) AS daily_rows
FROM delivered
FULL OUTER JOIN daily ON delivered.source = daily.source AND delivered.period = daily.period
WHERE coalesce(delivered.delivered_rows, 0) <> coalesce(daily.daily_rows, 0)
ORDER BY source, period
