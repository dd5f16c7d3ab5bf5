-- New versions of published periods that have fewer rows than the published one, by the share or more.
WITH published AS (
    SELECT
        published_totals.source,
        published_totals.period,
        published_totals.version,
        sum(published_totals.row_count) AS published_rows
    FROM meta.published_totals
    GROUP BY published_totals.source, published_totals.period, published_totals.version
)

SELECT
    loads.source,
    loads.period,
    published.published_rows,
    coalesce(sum(load_totals.row_count), 0) AS delivered_rows
FROM published
INNER JOIN meta.loads AS loads
    ON published.source = loads.source AND published.period = loads.period AND published.version <> loads.version
LEFT JOIN meta.load_totals AS load_totals
    ON loads.source = load_totals.source AND loads.period = load_totals.period AND loads.version = load_totals.version
WHERE loads.is_current AND published.published_rows >= $min_rows
GROUP BY loads.source, loads.period, published.published_rows
HAVING published.published_rows - coalesce(sum(load_totals.row_count), 0) >= published.published_rows * $max_drop_share
ORDER BY loads.source, loads.period
