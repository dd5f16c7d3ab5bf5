"""What AWS delivers: bills, inventories, metrics. Costs are interpreted in costsieve.core."""
