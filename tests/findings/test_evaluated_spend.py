"""The headline of the ledger: every dollar of usage under its service and one verdict."""

from decimal import Decimal

import pytest

from costsieve.findings.evaluated_spend import record_evaluated_spend
from costsieve.warehouse import Connection, query
from tests.findings.conftest import insert, insert_daily
from tests.findings.nights import ACCOUNT, THIRD

EVALUATION = {"as_of": THIRD, "provider": "AWS", "account_id": ACCOUNT, "currency": "USD", "monthly_cost": Decimal(0)}


@pytest.fixture
def told(connection: Connection) -> dict[tuple[str, str], tuple[int, Decimal]]:
    """Two services: 2.00, 1.00, 0.50 and 0.25 a day on EC2, 4.00 and 0.10 on S3; a rule about tags judges all of them."""
    for resource, cost in (("i-judged", "2.00"), ("i-no-metric", "1.00"), ("i-excepted", "0.50"), ("i-tags-only", "0.25")):
        insert_daily(connection, 40, ResourceId=resource, x_net_effective_cost=Decimal(cost))
    insert_daily(connection, 40, ResourceId="datasets", ServiceName="AmazonS3", x_net_effective_cost=Decimal("4.00"))
    insert_daily(connection, 40, ServiceName="AmazonS3", x_net_effective_cost=Decimal("0.10"))
    verdicts = (
        ("i-judged", "idle_vm", "not_evaluable", "gaps"),
        ("i-judged", "overprovisioned_vm", "clean", "fits"),
        ("i-no-metric", "idle_vm", "not_evaluable", "no_metric"),
        ("i-no-metric", "overprovisioned_vm", "not_evaluable", "no_price"),
        ("i-excepted", "idle_vm", "excepted", "agreed"),
        *((each, "untagged_spend", "finding", None) for each in ("i-tags-only", "i-no-metric")),
    )
    insert(
        connection,
        "results.evaluations",
        [EVALUATION | {"resource_id": each, "rule_id": rule, "outcome": word, "reason": why} for each, rule, word, why in verdicts],
    )
    record_evaluated_spend(connection, THIRD)
    rows = query(connection, "SELECT service, verdict, resource_count, cost FROM results.evaluated_spend").rows()
    return {(service, verdict): (count, cost) for service, verdict, count, cost in rows}


def test_every_service_says_what_was_judged_and_why_the_rest_was_not(told: dict[tuple[str, str], tuple[int, Decimal]]) -> None:
    assert told == {
        ("AmazonEC2", "evaluated"): (1, Decimal(60)),
        ("AmazonEC2", "no_metric"): (1, Decimal(30)),
        ("AmazonEC2", "excepted"): (1, Decimal(15)),
        ("AmazonEC2", "no_rule"): (1, Decimal("7.5")),
        ("AmazonS3", "no_rule"): (1, Decimal(120)),
        ("AmazonS3", "no_resource"): (0, Decimal(3)),
    }


def test_all_rows_add_up_to_the_usage_of_thirty_days(told: dict[tuple[str, str], tuple[int, Decimal]]) -> None:
    assert sum(cost for _, cost in told.values()) == 30 * Decimal("7.85")


def test_a_night_that_runs_again_replaces_its_rows(connection: Connection) -> None:
    insert_daily(connection, 40, ResourceId="i-1", x_net_effective_cost=Decimal(1))

    assert [record_evaluated_spend(connection, THIRD), record_evaluated_spend(connection, THIRD)] == [1, 1]
    assert query(connection, "SELECT count(*) FROM results.evaluated_spend").item() == 1
