-- What the sources were refused of the data that rules judge the night $as_of by: of the newest inventories, and of a month of metrics.
WITH newest AS (
    SELECT
        loads.source,
        max(loads.period) AS period
    FROM meta.loads AS loads
    WHERE loads.is_current AND loads.source_type = 'inventory' AND CAST(loads.period AS DATE) < CAST($as_of AS DATE)
    GROUP BY loads.source
)

SELECT
    loads.source_type,
    gap.provider,
    coalesce(gap.account_id, nullif(regexp_extract(gap.role, '::(\d{12}):', 1), '')) AS account_id,
    gap.region,
    gap.subject,
    max_by(gap.message, gap.period) AS message
FROM meta.collection_gaps AS gap
INNER JOIN meta.loads AS loads
    ON gap.source = loads.source AND gap.period = loads.period AND gap.version = loads.version
LEFT JOIN newest ON loads.source = newest.source AND loads.period = newest.period
WHERE
    gap.reason = 'no_permission'
    AND loads.is_current
    AND CASE loads.source_type
        WHEN 'inventory' THEN newest.period IS NOT NULL
        WHEN 'utilization'
            THEN CAST(loads.period AS DATE) < CAST($as_of AS DATE) AND CAST(loads.period AS DATE) >= CAST($as_of AS DATE) - 30
        ELSE FALSE
    END
GROUP BY ALL
ORDER BY ALL
