-- The published night before this one, which results.finding_changes compares it with; null on the first night.
SELECT max(night.as_of) AS previous_as_of
FROM meta.nights AS night
WHERE night.as_of < $as_of
