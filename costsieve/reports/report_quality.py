"""The part of a report about the data itself: notices, checks, and how the checks of earlier nights went. See costsieve.reports.report."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Notice:
    """What must be known before any figure is read, and what to do about it; ``level`` is bad, warn or note.

    ``currency`` is set where a section of that currency says more.
    """

    topic: str
    level: str
    title: str
    detail: str
    remedy: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Check:
    """One expectation: ``seen`` is what it saw; title and remedy are None where a table's contract promises it in its name alone."""

    table_name: str
    check_name: str
    severity: str
    is_passed: bool
    title: str | None
    seen: str
    remedy: str | None
    offending_rows: int | None


@dataclass(frozen=True)
class CheckedNight:
    """How the checks of one night went."""

    as_of: date
    passed: int
    warned: int
    failed: int

    @property
    def level(self) -> str:
        """Its worst outcome: good, warn or bad."""
        return "bad" if self.failed else "warn" if self.warned else "good"
