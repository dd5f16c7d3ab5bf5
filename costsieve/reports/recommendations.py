"""Commitments and lifecycle schedules, with the picture each one stands on. Nothing is optimised here."""

import json
from datetime import date
from typing import Any

from costsieve.reports.commands import proposed_command
from costsieve.reports.evidence import read_facts, read_sentences
from costsieve.reports.queries import Row, rows
from costsieve.reports.report_savings import AgeBin, HourlyProfile, PrefixSchedule, Recommendation
from costsieve.warehouse import Connection

_LIFECYCLE_SUFFIX = "_lifecycle"
_SHOWN_ELSEWHERE = (
    "hourly_profile",
    "rates",
    "left_out",
    "excluded",
    "product",
    "prefixes",
    "prefixes_left_alone",
    "configuration",
)
"""Details that have a picture or a table of their own, or that the title, the assumptions or the command already say."""

_Ages = dict[str, tuple[AgeBin, ...]]


def read_recommendations(connection: Connection, as_of: date) -> dict[str, tuple[Recommendation, ...]]:
    """Return each currency's recommendations, the largest saving first."""
    ages = _ages(connection)
    found: dict[str, tuple[Recommendation, ...]] = {}
    for row in rows(connection, "recommendations", as_of=as_of):
        found[row["currency"]] = (*found.get(row["currency"], ()), _recommendation(row, ages))
    return found


def _ages(connection: Connection) -> _Ages:
    found: dict[str, list[AgeBin]] = {}
    for row in rows(connection, "stored_bytes"):
        age = AgeBin(row["age_days_from"], int(row["object_count"]), int(row["byte_count"]))
        found.setdefault(row["bucket"], []).append(age)
    return {bucket: tuple(ages) for bucket, ages in found.items()}


def _recommendation(row: Row, ages: _Ages) -> Recommendation:
    is_lifecycle = row["kind"].endswith(_LIFECYCLE_SUFFIX)
    details = _details(row["details"])
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
        facts=read_facts(row["details"], row["currency"], _SHOWN_ELSEWHERE),
        commands=proposed_command(row["command"]),
        profile=_profile(details),
        ages=ages.get(row["resource_id"] or "", ()) if is_lifecycle else (),
        schedule=_schedule(details),
    )


def _details(document: str) -> dict[str, Any]:
    """Details that are no JSON object are shown as they are, and have no picture."""
    try:
        content = json.loads(document)
    except json.JSONDecodeError:
        return {}
    return content if isinstance(content, dict) else {}


def _profile(details: dict[str, Any]) -> HourlyProfile | None:
    """The mean week that a commitment was sized on; None where the details hold none."""
    profile = details.get("hourly_profile")
    if not profile:
        return None
    return HourlyProfile(tuple(profile["before_cleanup"]), tuple(profile["after_cleanup"]), float(profile["commitment"]))


def _schedule(details: dict[str, Any]) -> tuple[PrefixSchedule, ...]:
    """Prefixes that move, then prefixes that are left alone, as the details list them."""
    moved = (
        PrefixSchedule(
            entry["prefix"],
            tuple((step["days"], step["storage_class"]) for step in entry["transitions"]),
            entry.get("least_object_bytes") or 0,
            None,
        )
        for entry in details.get("prefixes", ())
    )
    kept = (PrefixSchedule(entry["prefix"], (), 0, entry["reason"]) for entry in details.get("prefixes_left_alone", ()))
    return (*moved, *kept)
