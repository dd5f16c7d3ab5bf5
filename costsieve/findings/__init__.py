"""Waste and the order to act on it: rules, ledger, exceptions, waterfall. Purchases are in recommendations."""
