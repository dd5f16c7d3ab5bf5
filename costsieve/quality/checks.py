"""What a quality check is called, and how it turned out. Checks are run in costsieve.quality.validation, not here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

type Severity = Literal["critical", "warning"]

CHECKED_TABLES = (
    "core.daily_cost",
    "core.hourly_usage",
    "core.resource_costs",
    "usage.resource_day",
    "inventory.resources",
    "usage.resources",
    "results.findings",
)
"""Tables that are checked as soon as they are written: roll-ups and results only, because they stay small however long the bill is."""

_SHOWN_ROWS = 5


@dataclass(frozen=True)
class CheckName:
    """One check before it runs; ``critical`` stops the night, ``warning`` is shown in the report."""

    table_name: str
    check_name: str
    severity: Severity


@dataclass(frozen=True)
class CheckOutcome:
    """One check after it ran; ``observed`` says what was seen and, where it failed, the first offending rows and what to do."""

    table_name: str
    check_name: str
    severity: Severity
    is_passed: bool
    observed: str


def shown_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the first rows on one line, for messages and reports."""
    return " | ".join(", ".join(f"{name}={value}" for name, value in row.items()) for row in rows[:_SHOWN_ROWS])
