-- Loads that no configured source delivers any more, as after one was renamed: they would be counted beside those of the new name.
UPDATE meta.loads SET is_current = FALSE
WHERE is_current AND NOT list_contains($named, source || '/' || source_type)
