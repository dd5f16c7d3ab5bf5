"""What a quality check is called, and how it turned out. Checks are run in costsieve.quality.validation, not here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
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
    "usage.resource_charges",
    "results.findings",
    "results.finding_changes",
    "results.allocated_costs",
)
"""Tables that are checked as soon as they are written: roll-ups and results only, because they stay small however long the bill is."""

_SHOWN_ROWS = 5
_SHOWN_CHARACTERS = 200


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
    return " | ".join(", ".join(f"{name}={_shown(value)}" for name, value in row.items()) for row in rows[:_SHOWN_ROWS])


def _shown(value: Any) -> str:  # noqa: ANN401 - a cell may hold any type
    """Amounts have their twelve decimals only where these say something, and two at least; a tag of ten kilobytes is cut."""
    if value is None:
        return "null"
    if isinstance(value, Decimal) and value.is_finite():
        places = max(2, -int(value.normalize().as_tuple().exponent))
        return f"{value:.{places}f}"
    text = str(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}\u2026"
