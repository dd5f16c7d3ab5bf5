"""Whether the numbers can be trusted: expectations on every table between the stages. Waste is not judged here: see costsieve.findings."""
