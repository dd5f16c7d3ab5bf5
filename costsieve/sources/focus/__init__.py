"""FOCUS files of any provider. Costs are interpreted in costsieve.core."""
