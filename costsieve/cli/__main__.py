"""`python -m costsieve.cli`, for places where the console script is not on the path."""

from costsieve.cli import main

main()
