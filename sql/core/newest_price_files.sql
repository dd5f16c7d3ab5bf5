-- Files of the newest pricing export of each source: Google exports every price once a day.
WITH newest AS (
    SELECT
        loads.source,
        max(loads.period) AS period
    FROM meta.loads AS loads
    WHERE loads.is_current AND loads.source_type = 'gcp_pricing'
    GROUP BY loads.source
)

SELECT unnest(loads.files) AS file
FROM meta.loads AS loads
INNER JOIN newest ON loads.source = newest.source AND loads.period = newest.period
WHERE loads.is_current AND loads.source_type = 'gcp_pricing'
ORDER BY file
