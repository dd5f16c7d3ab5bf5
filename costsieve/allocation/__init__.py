"""Whose cost everything is: shared cost split over those who own cost. Tags are read and named in costsieve.core."""
