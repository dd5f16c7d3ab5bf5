"""The latest delivery of a source and its age. What it contains is judged by the night's checks, not here."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from costsieve.diagnosis.observation import Observation
from costsieve.gate_settings import Quarantine
from costsieve.period import next_month
from costsieve.sources.gcp.files import UNDATED
from costsieve.sources.source import Delivery

_LATE_DAYS = 3
"""AWS and Google deliver at least daily; the check of freshness in sql/quality allows as much."""

_SHOWN = 3


def latest_delivery(source: str, source_type: str, deliveries: Sequence[Delivery], as_of: date) -> Observation:
    """Say how old the newest of what the source offers before the night is."""
    if not deliveries:
        return Observation(source, source_type, "delivery", "warning", "readable, but nothing has been delivered before this night")
    return _judged(source, source_type, deliveries, as_of)


def quarantine_observations(holds: Sequence[Quarantine], source_type: str, deliveries: Sequence[Delivery]) -> Iterator[Observation]:
    """Name every quarantined period that the source does not offer: a misspelt one holds nothing back."""
    offered = sorted({delivery.period for delivery in deliveries})
    for entry in holds:
        if entry.period is not None and not any(entry.covers(period) for period in offered):
            near = sorted(offered, key=lambda period: _days_between(period, str(entry.period)))[:_SHOWN]
            nearest = f"; the nearest are {', '.join(sorted(near))}" if near else ""
            finding = f"holds nothing back: no {entry.period} has been delivered{nearest}. Correct `period`, or take the entry out"
            yield Observation(entry.source, source_type, f"quarantine of {entry.period}", "warning", finding)


def _days_between(period: str, other: str) -> int:
    return abs((_end_of(period) - _end_of(other)).days) if period != UNDATED else 0


def _judged(source: str, source_type: str, deliveries: Sequence[Delivery], as_of: date) -> Observation:
    dated = [delivery.period for delivery in deliveries if delivery.period != UNDATED]
    counted = f"{len(deliveries)} period{'s' if len(deliveries) != 1 else ''}"
    if not dated:
        return Observation(source, source_type, "delivery", "ok", f"{counted} without a date in its folder's name, so its age is unknown")
    newest = max(dated)
    days = (as_of - _end_of(newest)).days
    counted = f"{counted}, newest {newest}"
    if days > _LATE_DAYS:
        finding = f"{counted}, which ended {days} days before the night: look at the export in the provider's console"
        return Observation(source, source_type, "delivery", "warning", finding)
    return Observation(source, source_type, "delivery", "ok", counted)


def _end_of(period: str) -> date:
    """Return the day after a billing month (2026-09) or a day (2026-09-30)."""
    if len(period) == len("2026-09"):
        return next_month(date.fromisoformat(f"{period}-01"))
    return date.fromisoformat(period) + timedelta(days=1)
