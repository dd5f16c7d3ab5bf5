-- New versions of published periods whose cost fell by the share or more; only charge types that cost something count, so that credits,
-- negations and refunds, which come late, do not look like a loss.
WITH published AS (
    SELECT
        published_totals.source,
        published_totals.period,
        published_totals.version,
        published_totals.currency,
        sum(greatest(published_totals.billed_cost, 0)) AS published_cost
    FROM meta.published_totals
    GROUP BY published_totals.source, published_totals.period, published_totals.version, published_totals.currency
),

delivered_types AS (
    SELECT
        load_totals.source,
        load_totals.period,
        load_totals.version,
        load_totals.currency,
        load_totals.charge_type,
        greatest(sum(load_totals.billed_cost), 0) AS billed_cost
    FROM meta.load_totals
    GROUP BY load_totals.source, load_totals.period, load_totals.version, load_totals.currency, load_totals.charge_type
),

delivered_currencies AS (
    SELECT
        delivered_types.source,
        delivered_types.period,
        delivered_types.version,
        string_agg(DISTINCT delivered_types.currency, ', ' ORDER BY delivered_types.currency) AS currencies
    FROM delivered_types
    WHERE delivered_types.billed_cost > 0
    GROUP BY delivered_types.source, delivered_types.period, delivered_types.version
),

delivered AS (
    SELECT
        loads.source,
        loads.period,
        loads.version,
        published.currency,
        any_value(published.published_cost) AS published_cost,
        coalesce(sum(delivered_types.billed_cost), 0) AS delivered_cost
    FROM published
    INNER JOIN meta.loads AS loads
        ON published.source = loads.source AND published.period = loads.period AND published.version <> loads.version
    LEFT JOIN delivered_types
        ON
            loads.source = delivered_types.source
            AND loads.period = delivered_types.period
            AND loads.version = delivered_types.version
            AND published.currency = delivered_types.currency
    WHERE loads.is_current
    GROUP BY loads.source, loads.period, loads.version, published.currency
)

SELECT
    delivered.source,
    delivered.period,
    delivered.currency,
    CAST(delivered.published_cost AS DECIMAL(18, 2)) AS published_cost,
    CAST(delivered.delivered_cost AS DECIMAL(18, 2)) AS delivered_cost,
    delivered_currencies.currencies AS delivered_currencies
FROM delivered
LEFT JOIN delivered_currencies
    ON
        delivered.source = delivered_currencies.source
        AND delivered.period = delivered_currencies.period
        AND delivered.version = delivered_currencies.version
WHERE
    delivered.published_cost >= $min_total
    AND delivered.published_cost - delivered.delivered_cost >= delivered.published_cost * $max_drop_share
ORDER BY delivered.source, delivered.period, delivered.currency
