"""What a source was refused is told from what it did not measure: no_permission, with the subject, for this account alone."""

import json
from datetime import date, datetime
from typing import Any

import pytest

from costsieve.findings.evaluation import evaluate_rule
from costsieve.findings.rule import load_rules
from costsieve.settings import Settings
from costsieve.warehouse import Connection, query
from tests.findings.conftest import insert

AS_OF = date(2026, 10, 1)
IDLE_VM = next(rule for rule in load_rules() if rule.id == "idle_vm")
VOLUME = next(rule for rule in load_rules() if rule.id == "unattached_volume")
LANDED_AT = datetime(2026, 9, 30, 23)  # noqa: DTZ001 - warehouse timestamps are UTC without zone


def _machines(connection: Connection, *accounts: str) -> None:
    machine = {"resource_id": "i-1", "resource_type": "virtual_machine", "state": "running", "created_at": date(2026, 1, 1)}
    insert(connection, "usage.resources", [machine | {"account_id": account, "monthly_cost": 9} for account in accounts])


def _refused(connection: Connection, source_type: str, period: str = "2026-09-30", **gap: Any) -> None:  # noqa: ANN401 - columns of any type
    unit = {"source": source_type, "period": period, "version": "1"}
    load = {"source_type": source_type, "files": [], "row_count": 0, "byte_count": 0, "loaded_at": LANDED_AT, "is_current": True}
    insert(connection, "meta.loads", [unit | load | {name: gap.pop(name) for name in ("is_current",) if name in gap}])
    refusal = {"as_of": AS_OF, "provider": "AWS", "reason": "no_permission", "message": "AccessDenied: add cloudwatch:GetMetricData"}
    insert(connection, "meta.collection_gaps", [unit | refusal | gap])


def _reasons(connection: Connection, rule: Any = IDLE_VM) -> dict[str, tuple[str, str | None]]:  # noqa: ANN401 - a rule
    evaluate_rule(connection, rule, AS_OF, Settings())
    rows = query(connection, "SELECT account_id, reason, reason_detail FROM results.evaluations").rows()
    return {account: (reason, detail) for account, reason, detail in rows}


def test_metrics_that_were_refused_are_a_missing_permission_in_that_account_alone(connection: Connection) -> None:
    _machines(connection, "1", "2")
    _refused(connection, "utilization", account_id="1", subject="cpu_percent")

    assert _reasons(connection) == {
        "1": ("no_permission", "cpu_percent in all regions: AccessDenied: add cloudwatch:GetMetricData"),
        "2": ("no_metric", None),
    }


@pytest.mark.parametrize(
    "gap",
    [
        {"subject": "invocations"},
        {"region": "eu-central-1"},
        {"reason": "unavailable"},
        {"provider": "GCP"},
        {"is_current": False},
        {"period": "2026-08-30"},
        {"period": "2026-10-01"},
    ],
    ids=str,
)
def test_a_refusal_of_something_else_explains_nothing(connection: Connection, gap: dict[str, Any]) -> None:
    _machines(connection, "1")
    _refused(connection, "utilization", **({"account_id": "1"} | gap))

    assert _reasons(connection) == {"1": ("no_metric", None)}


def test_a_refused_inventory_does_not_explain_missing_metrics(connection: Connection) -> None:
    _machines(connection, "1")
    _refused(connection, "inventory", account_id="1")

    assert _reasons(connection) == {"1": ("no_metric", None)}


def test_a_role_that_cannot_be_assumed_names_its_account(connection: Connection) -> None:
    _machines(connection, "100000000004")
    _refused(connection, "utilization", role="arn:aws:iam::100000000004:role/costsieve-read")

    assert _reasons(connection)["100000000004"][0] == "no_permission"


@pytest.mark.parametrize(
    ("subject", "reason"), [("block_volume", "no_permission"), (None, "no_permission"), ("snapshot", "not_in_inventory")]
)
def test_a_kind_of_resource_that_could_not_be_listed_is_a_missing_permission(
    connection: Connection, subject: str | None, reason: str
) -> None:
    volume = {"resource_id": "vol-1", "resource_type": "block_volume", "is_in_inventory": False, "is_inventoried_type": False}
    insert(connection, "usage.resources", [volume | {"account_id": "1", "monthly_cost": 9}])
    _refused(connection, "inventory", account_id="1", subject=subject)

    assert _reasons(connection, VOLUME)["1"][0] == reason


def test_a_newer_inventory_without_gaps_ends_it(connection: Connection) -> None:
    volume = {"resource_id": "vol-1", "resource_type": "block_volume", "is_in_inventory": False, "is_inventoried_type": False}
    insert(connection, "usage.resources", [volume | {"account_id": "1", "monthly_cost": 9}])
    _refused(connection, "inventory", period="2026-09-29", account_id="1")
    load = {"source": "inventory", "period": "2026-09-30", "version": "1", "source_type": "inventory", "files": [], "is_current": True}
    insert(connection, "meta.loads", [load | {"row_count": 0, "byte_count": 0, "loaded_at": LANDED_AT}])

    assert _reasons(connection, VOLUME)["1"][0] == "not_in_inventory"


def test_a_finding_is_no_matter_of_permissions(connection: Connection) -> None:
    insert(
        connection, "usage.resources", [{"resource_id": "vol-1", "resource_type": "block_volume", "state": "available", "monthly_cost": 9}]
    )
    connection.execute("UPDATE usage.resources SET detached_at = TIMESTAMP '2026-08-01', account_id = '1'")
    _refused(connection, "inventory", account_id="1")

    evaluate_rule(connection, VOLUME, AS_OF, Settings())

    [(evidence,)] = query(connection, "SELECT evidence FROM results.findings").rows()
    assert "not_permitted" not in json.loads(evidence)
