"""Whether every source can be read, is configured as needed, is complete and is fresh. Nothing is loaded or changed here."""
