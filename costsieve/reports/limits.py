"""How much of a long list a person is shown. Whatever is cut is summed in one line, and is whole in the CSV files and in report.json."""

STEPS_SHOWN = 100
"""Steps of the plan; the rest is in savings.csv."""

RESOURCES_SHOWN = 25
"""Resources under "not evaluated" and "exceptions"; the rest is in evaluations.csv."""
