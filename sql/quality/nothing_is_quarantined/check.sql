-- What the configuration held back on the night $as_of.
SELECT
    quarantines.source,
    quarantines.period,
    quarantines.state,
    quarantines.reason,
    quarantines.until
FROM meta.quarantines
WHERE quarantines.as_of = $as_of AND quarantines.state <> 'expired'
ORDER BY quarantines.source, quarantines.period
