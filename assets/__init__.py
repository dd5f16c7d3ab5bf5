"""What exists: one asset or check per table, each one call into costsieve. When they run is decided in pipelines/."""
