"""What a quality check is called, and how it turned out. Checks are run in costsieve.quality.validation, not here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from costsieve.contracts import catalog
from costsieve.contracts.table import Table

type Severity = Literal["critical", "warning"]

STAGES: Mapping[str, tuple[str, ...]] = {
    "core": ("core.daily_cost", "core.hourly_usage", "core.resource_costs"),
    "usage": ("usage.resource_day", "usage.resources", "inventory.resources"),
    "results": ("results.findings",),
}
"""Tables whose contract is validated after each stage: roll-ups and results only, because they stay small however long the bill is."""

_SCHEMAS: Mapping[str, tuple[str, ...]] = {"core": ("core",), "usage": ("usage", "inventory"), "results": ("results",)}
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


def contract_tables(stage: str) -> tuple[Table, ...]:
    """Return the tables of a stage that are validated against their contract; raises KeyError for an unknown stage."""
    return tuple(catalog.BY_NAME[name] for name in STAGES[stage])


def is_of_stage(table_name: str, stage: str) -> bool:
    """Tell whether a check that guards this table runs after this stage."""
    return table_name.split(".", maxsplit=1)[0] in _SCHEMAS[stage]


def shown_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the first rows on one line, for messages and reports."""
    return " | ".join(", ".join(f"{name}={value}" for name, value in row.items()) for row in rows[:_SHOWN_ROWS])
