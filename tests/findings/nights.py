"""Nights of one small estate, as the engine leaves them behind: what the history is told from. No test is here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from costsieve.findings.history import Recorded, record_changes, record_parameters, record_states
from costsieve.findings.rule import Parameter, Rule, Scope
from costsieve.settings import Settings
from costsieve.warehouse import Connection, query
from tests.findings.conftest import insert

FIRST, SECOND, THIRD = date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1)
ACCOUNT = "100000000002"
_TAGS = ("owner", "team", "project", "environment", "cost_center")


def rule(name: str, sql: str = "SELECT 1", **params: str) -> Rule:
    """A rule that is judged by hand here: only its name, action and thresholds matter."""
    return Rule(
        id=name,
        title="Idle",
        why="It costs",
        remedy="Stop it",
        action="terminate",
        step="Stop {resource}",
        severity="high",
        applies_to=(Scope(provider="AWS", resource_type="virtual_machine"),),
        criteria=("CPU",),
        permissions={},
        params={key: Parameter(value=Decimal(value), unit="percent", description="Threshold") for key, value in params.items()},
        confidence={"high": "Measured"},
        sql=sql,
        remedies=(),
    )


IDLE = rule("idle_vm", cpu_percent="5", minimum_monthly_savings="1")


@dataclass(frozen=True)
class Seen:
    """One resource in one night: how it is listed and charged, and what the rule says of it; `outcome` None where it says nothing."""

    resource_id: str
    outcome: str | None = "finding"
    savings: str | None = None
    cost: str = "100.00"
    reason: str | None = None
    rule_id: str = "idle_vm"
    currency: str = "USD"
    listed: Mapping[str, Any] = field(default_factory=lambda: {"state": "running"})

    @property
    def finding_id(self) -> str:
        return f"{self.rule_id}:{self.resource_id}"


def run_night(
    connection: Connection, as_of: date, seen: Sequence[Seen], rules: Sequence[Rule] = (IDLE,), settings: Settings | None = None
) -> Recorded:
    """Leave behind what the engine does, tell the history, publish."""
    for table in ("results.findings", "results.evaluations"):
        connection.execute(f"DELETE FROM {table} WHERE as_of = ?", [as_of])
    connection.execute("DELETE FROM usage.resources")
    insert(connection, "usage.resources", [_resource(each) for each in {each.resource_id: each for each in seen}.values()])
    insert(connection, "results.evaluations", [_evaluation(each, as_of) for each in seen if each.outcome])
    insert(connection, "results.findings", [_finding(each, as_of) for each in seen if each.outcome == "finding"])
    record_states(connection, as_of)
    record_parameters(connection, rules, as_of, settings or Settings())
    recorded = record_changes(connection, as_of)
    publish(connection, as_of)
    return recorded


def publish(connection: Connection, as_of: date) -> None:
    """Mark the night as published."""
    connection.execute("DELETE FROM meta.nights WHERE as_of = ?", [as_of])
    connection.execute("INSERT INTO meta.nights VALUES (?, ?, '0', 0, 0, 0)", [as_of, datetime.combine(as_of, datetime.min.time())])


def changes(connection: Connection, as_of: date) -> dict[str, tuple[str, str, Decimal]]:
    """Change, reason and difference of a night by the resource."""
    rows = query(
        connection, "SELECT resource_id, change, reason, difference FROM results.finding_changes WHERE as_of = $as_of", {"as_of": as_of}
    ).rows()
    return {row[0]: row[1:] for row in rows}


def detail(connection: Connection, as_of: date, resource_id: str) -> str | None:
    """What was seen of one change."""
    sql = "SELECT detail FROM results.finding_changes WHERE as_of = $as_of AND resource_id = $resource_id"
    found: str | None = query(connection, sql, {"as_of": as_of, "resource_id": resource_id}).item()
    return found


def charge(connection: Connection, resource_id: str, days: int, cost: str, *, until: date = THIRD, list_cost: str | None = None) -> None:
    """Charge a resource the same amount on each of the `days` days before `until`."""
    amount = Decimal(cost)
    measures = dict.fromkeys(("BilledCost", "EffectiveCost", "ContractedCost", "x_net_effective_cost"), amount)
    rows = [
        {**measures, "ListCost": Decimal(list_cost or cost), "ResourceId": resource_id, "usage_date": until - timedelta(days=number)}
        for number in range(1, days + 1)
    ]
    insert(connection, "core.daily_cost", rows)


def _resource(each: Seen) -> dict[str, Any]:
    listed = dict(each.listed)
    if "attributes" in listed:
        listed["attributes"] = {"key": list(listed["attributes"]), "value": list(listed["attributes"].values())}
    return {"resource_id": each.resource_id, "resource_type": "virtual_machine", "monthly_cost": Decimal(each.cost)} | listed


def _keys(each: Seen, as_of: date) -> dict[str, Any]:
    return {
        "as_of": as_of,
        "rule_id": each.rule_id,
        "provider": "AWS",
        "account_id": ACCOUNT,
        "resource_id": each.resource_id,
        "resource_type": "virtual_machine",
        "currency": each.currency,
        "monthly_cost": Decimal(each.cost),
    }


def _evaluation(each: Seen, as_of: date) -> dict[str, Any]:
    return _keys(each, as_of) | {"outcome": each.outcome, "reason": each.reason}


def _finding(each: Seen, as_of: date) -> dict[str, Any]:
    savings = None if each.savings is None else Decimal(each.savings)
    told = {"action": "terminate", "confidence": "high", "confidence_reason": "Measured", "first_seen": as_of, "evidence": "{}"}
    return _keys(each, as_of) | told | {"finding_id": each.finding_id, "monthly_savings": savings}
