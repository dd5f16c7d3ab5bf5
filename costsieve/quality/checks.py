"""What a quality check is called, and how it turned out. Checks are run in costsieve.quality.validation, not here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

type Severity = Literal["critical", "warning"]

CHECKED_TABLES = (
    "meta.source_reads",
    "core.daily_cost",
    "core.hourly_usage",
    "quality.reconciliation",
    "quality.invoices",
    "core.resource_costs",
    "usage.resource_day",
    "inventory.resources",
    "usage.resources",
    "results.findings",
    "results.allocated_costs",
)
"""Tables that are checked as soon as they are written: roll-ups and results only, because they stay small however long the bill is."""

_SHOWN_ROWS = 5


@dataclass(frozen=True)
class CheckName:
    """One check before it runs; ``critical`` stops the night, ``warning`` is shown in the report."""

    table_name: str
    check_name: str
    severity: Severity
    title: str
    remedy: str


@dataclass(frozen=True)
class CheckOutcome:
    """One check after it ran, as in quality.results; ``seen`` says what was seen and, where it failed, the first offending rows.

    ``offending_rows`` counts them, None where that was not possible; ``sample`` is a JSON list of the first.
    """

    name: CheckName
    is_passed: bool
    seen: str
    offending_rows: int | None
    sample: str

    @property
    def observed(self) -> str:
        """What was seen and, where it failed, what was expected and what to do."""
        return self.seen if self.is_passed else f"{self.seen.rstrip('.')}. {self.name.title}. {self.name.remedy}"

    @property
    def is_blocking(self) -> bool:
        """Tell whether the night may not go on."""
        return not self.is_passed and self.name.severity == "critical"


def shown_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the first rows on one line, for messages and reports."""
    return " | ".join(", ".join(f"{name}={value}" for name, value in row.items()) for row in rows[:_SHOWN_ROWS])
