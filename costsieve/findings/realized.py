"""What was saved so far by what was done about findings, measured from later bills. What is proposed, or done, is not decided here.

The counterfactual: without the change, the resource would have gone on costing a day what it cost on the mean of the complete days before.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from costsieve.contracts.realized import REALIZED_SAVINGS
from costsieve.contracts.verdicts import ACTIONS
from costsieve.findings.counterfactual import Measured, in_words, realized
from costsieve.sql_files import model_sql, statement
from costsieve.warehouse import Connection, query, replace_frame

BASELINE_DAYS = 14
"""Complete days before the change whose mean cost is what the resource would have gone on costing: two whole weeks, so that weekends weigh
as much as they do afterwards."""

_KEY = ("provider", "account_id", "resource_id", "currency")
type _Resource = tuple[Any, ...]


@dataclass(frozen=True)
class _Action:
    """Something that was done to one resource, seen by the night ``acted_on``; several findings may have gone with it."""

    findings: tuple[dict[str, Any], ...]
    former_action: date | None
    next_action: date | None

    @property
    def counted(self) -> dict[str, Any]:
        """The finding that has the savings: the one whose proposal is what was done, else the first in the order of the plan."""
        return min(self.findings, key=_precedence)

    @property
    def resource(self) -> _Resource:
        return tuple(self.counted[name] for name in _KEY)


@dataclass(frozen=True)
class _Window:
    """Complete days of the costs before, and of those since; a reason where they cannot be told."""

    baseline_start: date | None
    measured_from: date
    measured_until: date | None
    unmeasured_reason: str | None


def record_realized_savings(connection: Connection, as_of: date, baseline_days: int = BASELINE_DAYS) -> int:
    """Measure everything that was done up to this night, in each published night from it on; returns the rows of this night.

    Run it inside a transaction, after record_changes: a night that runs late may change what later nights saw.
    """
    told = [row[0] for row in query(connection, statement("history/measured_nights.sql"), {"as_of": as_of}).iter_rows()]
    counts = {night: _measure(connection, night, baseline_days) for night in told}
    return counts[as_of]


def _measure(connection: Connection, as_of: date, baseline_days: int) -> int:
    acted = query(connection, statement("history/acted_findings.sql"), {"as_of": as_of})
    actions = _actions(acted.to_dicts())
    _collect_days(connection, acted, as_of)
    bills = {row[:4]: row[4:] for row in query(connection, statement("history/acted_bills.sql")).iter_rows()}
    windows = [_window(action, bills.get(action.resource), baseline_days) for action in actions]
    costs = _costs(connection, actions, windows)
    connection.execute("DROP TABLE temp.acted_days")
    rows = [row for number, action in enumerate(actions) for row in _rows(action, windows[number], costs.get(number))]
    frame = pl.DataFrame([{"as_of": as_of} | row for row in rows], schema=REALIZED_SAVINGS.polars_schema(), orient="row")
    return replace_frame(connection, REALIZED_SAVINGS, frame, {"as_of": as_of})


def _actions(acted: Sequence[dict[str, Any]]) -> list[_Action]:
    """Group what went at once by resource and night, each with what was done to the resource before and after."""
    by_resource: defaultdict[_Resource, defaultdict[date, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in acted:
        by_resource[tuple(row[name] for name in _KEY)][row["acted_on"]].append(row)
    actions = []
    for by_night in by_resource.values():
        nights = sorted(by_night)
        for place, night in enumerate(nights):
            later = by_night[nights[place + 1]][0]["measured_from"] if place + 1 < len(nights) else None
            actions.append(_Action(tuple(by_night[night]), nights[place - 1] if place else None, later))
    return actions


def _precedence(row: dict[str, Any]) -> tuple[bool, int, Decimal, str]:
    detail = row["detail"] or ""
    has_ended = row["reason"] == "resource_deleted" or detail.startswith(("no charge", "it does not run")) or "state: " in detail
    fits = (row["action"] in ("terminate", "schedule")) == has_ended
    return not fits, ACTIONS.index(row["action"]), -(row["predicted_monthly_savings"] or Decimal(0)), row["finding_id"]


def _collect_days(connection: Connection, acted: pl.DataFrame, as_of: date) -> None:
    connection.register("acted_resources", acted.select(_KEY).unique())
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE acted_days AS {model_sql('history/acted_days')}", {"as_of": as_of})
    finally:
        connection.unregister("acted_resources")


def _window(action: _Action, bill: tuple[date, date] | None, baseline_days: int) -> _Window:
    measured_from: date = action.counted["measured_from"]
    if bill is None or bill[0] >= measured_from:
        return _Window(None, measured_from, None, "no_cost_before")
    first_charged_on, bill_end = bill
    start = max(measured_from - timedelta(days=baseline_days), first_charged_on, action.former_action or first_charged_on)
    until = min(day for day in (bill_end, action.next_action, action.counted["returned_on"]) if day is not None)
    if start >= measured_from:
        return _Window(None, measured_from, None, "changed_again_too_soon")
    if until <= measured_from:
        is_late = action.next_action is not None and action.next_action <= measured_from
        return _Window(None, measured_from, None, "changed_again_too_soon" if is_late else "no_complete_day_yet")
    return _Window(start, measured_from, until, None)


def _costs(connection: Connection, actions: Sequence[_Action], windows: Sequence[_Window]) -> dict[int, tuple[Decimal, ...]]:
    """Sum, by the number of the action, net effective and list cost before, and net effective and list cost since."""
    rows = [
        (number, *action.resource, window.baseline_start, window.measured_from, window.measured_until)
        for number, (action, window) in enumerate(zip(actions, windows, strict=True))
        if window.unmeasured_reason is None
    ]
    names = dict.fromkeys(_KEY, pl.String())
    days = dict.fromkeys(("baseline_start", "measured_from", "measured_until"), pl.Date())
    connection.register("acted_windows", pl.DataFrame(rows, schema={"number": pl.Int64(), **names, **days}, orient="row"))
    try:
        return {row[0]: row[1:] for row in query(connection, statement("history/acted_costs.sql")).iter_rows()}
    finally:
        connection.unregister("acted_windows")


def _rows(action: _Action, window: _Window, costs: tuple[Decimal, ...] | None) -> Iterator[dict[str, Any]]:
    for finding in action.findings:
        own = {name: value for name, value in finding.items() if name != "returned_on"}
        if finding["finding_id"] != action.counted["finding_id"]:
            other = {"unmeasured_reason": "counted_under_another", "counted_under": action.counted["finding_id"]}
            yield own | other | {"counterfactual": f"Counted once, under finding {action.counted['finding_id']} of the same resource."}
        elif costs is None or window.baseline_start is None or window.measured_until is None:
            yield own | {"unmeasured_reason": window.unmeasured_reason, "counterfactual": in_words(finding, None)}
        else:
            measured = Measured(window.baseline_start, window.measured_from, window.measured_until, *costs)
            yield own | realized(measured, finding["predicted_monthly_savings"]) | {"counterfactual": in_words(finding, measured)}
