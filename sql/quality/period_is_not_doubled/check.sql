-- New versions of periods that had ended days before they were published, and that now hold exactly twice the rows and the cost.
WITH published AS (
    SELECT
        published_totals.source,
        published_totals.period,
        published_totals.version,
        published_totals.currency,
        sum(published_totals.row_count) AS published_rows,
        sum(published_totals.billed_cost) AS published_cost
    FROM meta.published_totals
    WHERE
        date_diff(
            'day',
            CASE
                WHEN length(published_totals.period) = 7 THEN last_day(CAST(published_totals.period || '-01' AS DATE))
                ELSE TRY_CAST(published_totals.period AS DATE)
            END,
            published_totals.as_of
        ) > $settled_days
    GROUP BY published_totals.source, published_totals.period, published_totals.version, published_totals.currency
)

SELECT
    loads.source,
    loads.period,
    published.currency,
    published.published_rows,
    sum(load_totals.row_count) AS delivered_rows,
    CAST(published.published_cost AS DECIMAL(18, 2)) AS published_cost,
    CAST(sum(load_totals.billed_cost) AS DECIMAL(18, 2)) AS delivered_cost
FROM published
INNER JOIN meta.loads AS loads
    ON published.source = loads.source AND published.period = loads.period AND published.version <> loads.version
INNER JOIN meta.load_totals AS load_totals
    ON
        loads.source = load_totals.source
        AND loads.period = load_totals.period
        AND loads.version = load_totals.version
        AND published.currency = load_totals.currency
WHERE loads.is_current
GROUP BY loads.source, loads.period, published.currency, published.published_rows, published.published_cost
HAVING
    sum(load_totals.row_count) = 2 * published.published_rows
    AND sum(load_totals.billed_cost) = 2 * published.published_cost
    AND published.published_cost <> 0
ORDER BY loads.source, loads.period, published.currency
