-- What an earlier run of the night $as_of said about sources that the configuration no longer names.
DELETE FROM meta.source_reads
WHERE as_of = $as_of AND NOT list_contains($named, source)
