"""Recommendations of a night in results.recommendations: written, replaced, and sized on what the findings leave."""

from datetime import date
from decimal import Decimal

import pytest

from costsieve.recommendations.record import recommend_commitments, recommend_lifecycle
from costsieve.warehouse import Connection, query
from tests.recommendations.commitments.bills import AS_OF, GCP_ROW, charged, hours, resource_days
from tests.recommendations.conftest import insert

GB = 2**30


def kinds(connection: Connection, as_of: date = AS_OF) -> list[str]:
    rows = query(connection, "SELECT kind FROM results.recommendations WHERE as_of = $as_of ORDER BY kind", {"as_of": as_of})
    return rows["kind"].to_list()


def test_a_night_writes_one_plan_and_one_cud(connection: Connection) -> None:
    charged(connection, 10, hours())
    charged(connection, 10, hours(), **GCP_ROW)
    recommend_commitments(connection, AS_OF)
    assert kinds(connection) == ["compute_savings_plan", "flexible_cud"]


def test_a_night_that_runs_again_replaces_its_rows(connection: Connection) -> None:
    charged(connection, 10, hours())
    recommend_commitments(connection, AS_OF)
    recommend_commitments(connection, AS_OF)
    assert kinds(connection) == ["compute_savings_plan"]


def test_rows_that_no_longer_hold_are_removed(connection: Connection) -> None:
    charged(connection, 10, hours())
    recommend_commitments(connection, AS_OF)
    connection.execute("DELETE FROM core.hourly_usage")
    recommend_commitments(connection, AS_OF)
    assert kinds(connection) == []


def test_other_nights_are_left_as_they_were(connection: Connection) -> None:
    charged(connection, 10, hours())
    recommend_commitments(connection, AS_OF)
    recommend_commitments(connection, date(2026, 10, 2))
    assert kinds(connection) == ["compute_savings_plan"]


def test_an_answer_without_recommendation_says_why(connection: Connection) -> None:
    answers = recommend_commitments(connection, AS_OF)
    assert [(answer.recommendation, answer.reason) for answer in answers] == [
        (None, "no bill has hourly compute usage of AWS"),
        (None, "no bill has hourly compute usage of GCP"),
    ]


def test_the_plan_is_sized_on_what_the_findings_leave(connection: Connection) -> None:
    charged(connection, 10, hours())
    resource_days(connection, "i-idle", 96)
    idle = {"provider": "AWS", "account_id": "100000000002", "resource_id": "i-idle", "currency": "USD"}
    monthly = {"monthly_cost": Decimal(2880), "monthly_savings": Decimal(2880)}
    insert(
        connection,
        "results.findings",
        [{**idle, **monthly, "as_of": AS_OF, "finding_id": "f", "rule_id": "idle_vm", "action": "terminate"}],
    )
    recommend_commitments(connection, AS_OF)
    savings = query(connection, "SELECT monthly_savings, monthly_savings_before_cleanup FROM results.recommendations").row(0)
    assert savings == pytest.approx((Decimal("1166.40"), Decimal("1944.00")))


def test_a_night_writes_one_rule_set_per_bucket(connection: Connection) -> None:
    bucket = {"bucket": "ml-datasets", "prefix": "datasets/", "age_days_from": 365}
    stored = {"size_bytes_from": 16 * 2**20, "storage_class": "STANDARD", "object_count": 10_000, "byte_count": 10_000 * GB}
    insert(connection, "usage.stored_objects", [{**bucket, **stored}])
    insert(connection, "usage.object_reads", [{**bucket, "object_days": 1.0, "byte_days": 1.0}])
    recommend_lifecycle(connection, AS_OF)
    assert kinds(connection) == ["s3_lifecycle"]
