"""What Google delivers: billing and pricing exports, from BigQuery or as files. Costs are interpreted in costsieve.core."""
