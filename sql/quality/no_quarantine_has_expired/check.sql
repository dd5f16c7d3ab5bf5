-- Quarantines that the configuration still names although their last night was before $as_of.
SELECT
    quarantines.source,
    quarantines.period,
    quarantines.reason,
    quarantines.until
FROM meta.quarantines
WHERE quarantines.as_of = $as_of AND quarantines.state = 'expired'
ORDER BY quarantines.source, quarantines.period
