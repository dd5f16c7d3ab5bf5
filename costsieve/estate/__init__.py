"""The demo estate: bills, utilization and inventory of an organisation that does not exist. Real accounts never pass through here."""
