"""Days, billing months and look-back windows. No clock: every date comes in as an argument."""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS_PER_MONTH = 30
"""A "month" in every monthly figure is the last 30 complete days of the bill, so savings compare with billed rows."""

HOURS_PER_MONTH = 24 * DAYS_PER_MONTH


@dataclass(frozen=True)
class Window:
    """Whole days from ``start`` (inclusive) to ``end`` (exclusive)."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Number of days in the window."""
        return (self.end - self.start).days


def look_back(as_of: date, days: int) -> Window:
    """Return the ``days`` complete days before ``as_of``; the day of the night itself is never complete."""
    return Window(as_of - timedelta(days=days), as_of)


def first_of_month(day: date) -> date:
    """Return the first day of the month of ``day``."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """Return the first day of the month after the month of ``day``."""
    return (first_of_month(day) + timedelta(days=32)).replace(day=1)


def months_between(start: date, end: date) -> list[date]:
    """Return the first day of every month that has a day in ``[start, end)``."""
    months = []
    month = first_of_month(start)
    while month < end:
        months.append(month)
        month = next_month(month)
    return months
