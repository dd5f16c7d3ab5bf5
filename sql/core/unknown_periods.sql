-- Bill periods whose present roll-up core.known_costs does not know yet, and those it knows that are rolled up no more.
WITH known_periods AS (
    SELECT
        source,
        period,
        version,
        definition
    FROM meta.known_periods
    WHERE known_until IS NULL
)

SELECT
    coalesce(roll_ups.source, known_periods.source) AS source,
    list(DISTINCT coalesce(roll_ups.period, known_periods.period) ORDER BY coalesce(roll_ups.period, known_periods.period)) AS periods
FROM meta.roll_ups AS roll_ups
FULL JOIN known_periods
    ON
        roll_ups.source = known_periods.source
        AND roll_ups.period = known_periods.period
        AND roll_ups.version = known_periods.version
        AND roll_ups.definition = known_periods.definition
WHERE roll_ups.source IS NULL OR known_periods.source IS NULL
GROUP BY coalesce(roll_ups.source, known_periods.source)
ORDER BY coalesce(roll_ups.source, known_periods.source)
