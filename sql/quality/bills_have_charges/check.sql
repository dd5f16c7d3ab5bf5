-- Current deliveries of bills that have rows, of which not one is in the daily roll-up; a bill is what has control totals. Rows that
-- another source delivers too are left out on purpose.
WITH left_out AS (
    SELECT
        duplicate_charges.source,
        duplicate_charges.period,
        sum(duplicate_charges.row_count) AS left_out_rows
    FROM meta.duplicate_charges
    GROUP BY duplicate_charges.source, duplicate_charges.period
),

delivered AS (
    SELECT
        loads.source,
        loads.period,
        sum(load_totals.row_count) AS delivered_rows
    FROM meta.loads
    INNER JOIN meta.load_totals
        ON loads.source = load_totals.source AND loads.period = load_totals.period AND loads.version = load_totals.version
    WHERE loads.is_current
    GROUP BY loads.source, loads.period
),

rolled_up AS (
    SELECT DISTINCT
        daily_cost.x_source,
        daily_cost.x_period
    FROM core.daily_cost
)

SELECT
    delivered.source,
    delivered.period,
    delivered.delivered_rows - coalesce(left_out.left_out_rows, 0) AS delivered_rows
FROM delivered
LEFT JOIN left_out
    ON delivered.source = left_out.source AND delivered.period = left_out.period
LEFT JOIN rolled_up
    ON delivered.source = rolled_up.x_source AND delivered.period = rolled_up.x_period
WHERE delivered.delivered_rows > coalesce(left_out.left_out_rows, 0) AND rolled_up.x_source IS NULL
ORDER BY delivered.source, delivered.period
