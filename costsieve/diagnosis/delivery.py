"""The latest delivery of a source and its age. What it contains is judged by the night's checks, not here."""

from collections.abc import Sequence
from datetime import date, timedelta

from costsieve.diagnosis.observation import Observation
from costsieve.errors import CostsieveError
from costsieve.period import next_month
from costsieve.sources.gcp.files import UNDATED
from costsieve.sources.source import Delivery, Source

_LATE_DAYS = 3
"""AWS and Google deliver at least daily; the check of freshness in sql/quality allows as much."""


def latest_delivery(source: Source, source_type: str, as_of: date) -> Observation:
    """List what the source offers before the night and say how old the newest of it is."""
    try:
        deliveries = source.deliveries(as_of)
    except CostsieveError as error:
        return Observation(source.name, source_type, "delivery", "failed", str(error))
    if not deliveries:
        return Observation(source.name, source_type, "delivery", "warning", "readable, but nothing has been delivered before this night")
    return _judged(source.name, source_type, deliveries, as_of)


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
