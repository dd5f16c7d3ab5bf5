"""Documents; generate.py writes those that follow from code."""
