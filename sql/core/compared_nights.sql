-- Of the nights that core.known_costs remembers: the first published one, the last published one up to $since, and the last up to $until.
SELECT
    min(night.as_of) AS first_known,
    max(CASE WHEN night.as_of <= $since THEN night.as_of END) AS known_then,
    max(CASE WHEN known_night.as_of <= $until THEN known_night.as_of END) AS known_now
FROM meta.known_nights AS known_night
LEFT JOIN meta.nights AS night ON known_night.as_of = night.as_of
