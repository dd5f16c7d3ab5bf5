"""Which hours of a bill a commitment is sized on. No usage is read here beyond how far it reaches."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

LATE_DAYS = 3
"""Line items of the last days may still arrive, so these days are dropped."""

MOST_WEEKS = 8
LEAST_DAYS = 14
LEAST_SHARE_OF_HOURS = 1 / 8
"""A daily export has usage in one hour of 24; hourly usage in fewer hours than this cannot be told from one."""


@dataclass(frozen=True)
class BillSpan:
    """How far the hourly usage of one bill reaches."""

    account_id: str
    currency: str
    first_hour: datetime
    last_hour: datetime
    hours_with_usage: int


@dataclass(frozen=True)
class LookBack:
    """Whole weeks of hours from ``start`` (inclusive) to ``end`` (exclusive), both at midnight UTC."""

    start: datetime
    end: datetime

    @property
    def days(self) -> int:
        """Days in the window, a multiple of seven."""
        return (self.end - self.start).days

    @property
    def hours(self) -> int:
        """Hours in the window; hours without usage count too, as a commitment is paid in them."""
        return 24 * self.days


def look_back(span: BillSpan, as_of: date) -> LookBack | None:
    """Return the last whole weeks of usage, eight at most, without the last three days; None for less than 14 days."""
    first = _midnight(span.first_hour.date())
    if span.first_hour > first:
        first += timedelta(days=1)
    end = min(_midnight(as_of), _midnight(span.last_hour.date()) + timedelta(days=1)) - timedelta(days=LATE_DAYS)
    days = (end - first).days
    if days < LEAST_DAYS:
        return None
    return LookBack(end - timedelta(weeks=min(MOST_WEEKS, days // 7)), end)


def is_hourly(span: BillSpan) -> bool:
    """Tell whether the bill states usage by the hour rather than by the day."""
    hours = (span.last_hour - span.first_hour) / timedelta(hours=1) + 1
    return span.hours_with_usage / hours >= LEAST_SHARE_OF_HOURS


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the warehouse's timestamps are UTC and carry no zone
