"""The cost basis: raw views, core.charges and the roll-ups made of them. No file is delivered or checked here."""
