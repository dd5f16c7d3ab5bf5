"""Files in Costsieve's own documented shapes, and what all Parquet files have in common."""
