-- No version of this period is current any more: the next statement records the one that is.
UPDATE meta.loads SET is_current = FALSE
WHERE source = $source AND period = $period
