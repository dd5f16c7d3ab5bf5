"""What to buy and what to set once waste is gone: commitments and storage lifecycle rules. Finding waste is costsieve.findings' work."""
