"""From what the providers deliver to immutable Parquet in the lake. No cost is interpreted here: see costsieve.core."""
