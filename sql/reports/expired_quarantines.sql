-- Quarantines that costsieve.yaml still names although their last night was before $as_of.
SELECT
    source,
    period,
    reason,
    until
FROM meta.quarantines
WHERE
    as_of = $as_of
    AND state = 'expired'
ORDER BY source, period
