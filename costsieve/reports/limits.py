"""How much of a long list a person is shown. Whatever is cut is summed in one line, and is whole in the CSV files and in report.json."""

STEPS_SHOWN = 100
"""Steps of the plan; the rest is in savings.csv."""

RESOURCES_SHOWN = 25
"""Resources under "not evaluated" and "exceptions"; the rest is in evaluations.csv."""

VALUES_SHOWN = 15
"""Teams under "whose cost it is"; the rest is in allocation.csv."""

COMPACT_SHOWN = 8
"""Values of the dimensions that stand side by side; the rest is in allocation.csv."""

UNTAGGED_SHOWN = 10
"""Accounts and services under "untagged"; the rest is in untagged.csv."""

MONTHS_SHOWN = 3
"""Billing months of a bill before the fold."""

NOTICES_SHOWN = 6
"""Warnings of checks on the first screen; all of them are under "data checks"."""

TEXT_SHOWN = 600
"""Characters of any text on a page; the whole text is in report.json."""

NOTICE_SHOWN = 240
"""Characters of what a check saw on the first screen; more of it is under "data checks"."""

NAME_SHOWN = 80
"""Characters of a name or tag value in a table."""

CHANGES_SHOWN = 10
"""Findings under "what changed since the last night"; the rest is in changes.csv."""

REALIZED_SHOWN = 25
"""Findings under "what was saved so far"; the rest is in realized.csv."""
