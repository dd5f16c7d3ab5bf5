"""How much spend to commit to. One product at a time: a portfolio of several products is no part of this package."""
