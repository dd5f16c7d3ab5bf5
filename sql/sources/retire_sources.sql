-- Sources of this type that the configuration does not name, as after one was renamed: they deliver nothing to this night.
UPDATE meta.loads SET is_current = FALSE
WHERE source_type = $source_type AND is_current AND NOT list_contains($sources, source)
