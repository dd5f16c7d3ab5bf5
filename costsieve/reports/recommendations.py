"""Commitments and lifecycle schedules, with the picture each one stands on. Nothing is optimised here."""

import json
from datetime import date
from decimal import Decimal, InvalidOperation

from costsieve.period import DAYS_PER_MONTH, Window, look_back
from costsieve.reports.commands import proposed_command
from costsieve.reports.evidence import read_facts, read_sentences
from costsieve.reports.queries import Row, rows
from costsieve.reports.report import AgeBin, Recommendation, UsageHour
from costsieve.warehouse import Connection

_LIFECYCLE_SUFFIX = "_lifecycle"
_LINE_KEY = "covered_on_demand_per_hour"
"""Key in the details of a commitment: the usage per hour, at prices before commitments, that it would cover."""

_Hours = dict[tuple[str, str], tuple[UsageHour, ...]]
_Ages = dict[str, tuple[AgeBin, ...]]


def read_recommendations(connection: Connection, as_of: date) -> dict[str, tuple[Recommendation, ...]]:
    """Return each currency's recommendations, the largest saving first."""
    window = look_back(as_of, DAYS_PER_MONTH)
    hours, ages = _hours(connection, window), _ages(connection)
    found: dict[str, tuple[Recommendation, ...]] = {}
    for row in rows(connection, "recommendations", as_of=as_of):
        found[row["currency"]] = (*found.get(row["currency"], ()), _recommendation(row, window, hours, ages))
    return found


def _hours(connection: Connection, window: Window) -> _Hours:
    found: dict[tuple[str, str], list[UsageHour]] = {}
    for row in rows(connection, "hourly_usage", window_start=window.start, window_end=window.end):
        hour = UsageHour(row["covered_cost"], row["on_demand_cost"])
        found.setdefault((row["currency"], row["provider"]), []).append(hour)
    return {key: tuple(hours) for key, hours in found.items()}


def _ages(connection: Connection) -> _Ages:
    found: dict[str, list[AgeBin]] = {}
    for row in rows(connection, "stored_bytes"):
        age = AgeBin(row["age_days_from"], int(row["object_count"]), int(row["byte_count"]))
        found.setdefault(row["bucket"], []).append(age)
    return {bucket: tuple(ages) for bucket, ages in found.items()}


def _recommendation(row: Row, window: Window, hours: _Hours, ages: _Ages) -> Recommendation:
    is_lifecycle = row["kind"].endswith(_LIFECYCLE_SUFFIX)
    return Recommendation(
        recommendation_id=row["recommendation_id"],
        kind=row["kind"],
        provider=row["provider"],
        title=row["title"],
        resource_id=row["resource_id"],
        monthly_savings=row["monthly_savings"],
        monthly_savings_before_cleanup=row["monthly_savings_before_cleanup"],
        one_off_cost=row["one_off_cost"],
        confidence=row["confidence"],
        assumptions=read_sentences(row["assumptions"]),
        facts=read_facts(row["details"], row["currency"]),
        commands=proposed_command(row["command"]),
        coverage_line=_coverage_line(row["details"]),
        hours=() if is_lifecycle else hours.get((row["currency"], row["provider"]), ()),
        hours_from=window.start,
        ages=ages.get(row["resource_id"] or "", ()) if is_lifecycle else (),
    )


def _coverage_line(details: str) -> Decimal | None:
    """The height of the commitment in the picture; None where the details do not tell it."""
    try:
        content = json.loads(details, parse_float=Decimal)
        return Decimal(str(content[_LINE_KEY])) if isinstance(content, dict) and _LINE_KEY in content else None
    except (json.JSONDecodeError, InvalidOperation):
        return None
