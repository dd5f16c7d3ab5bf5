"""What was saved, worked out by hand from the bills since; what cannot be known is unknown, with the reason."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from costsieve.findings.realized import record_realized_savings
from costsieve.warehouse import Connection, query
from tests.findings.nights import FIRST, IDLE, SECOND, THIRD, Seen, charge, rule, run_night

OLD = rule("old_rule")
GONE = {"is_in_inventory": False, "state": None}
LATER, LATEST = date(2026, 10, 9), date(2026, 10, 13)


def realized(connection: Connection, as_of: date) -> list[dict[str, Any]]:
    record_realized_savings(connection, as_of)
    return query(connection, "FROM results.realized_savings WHERE as_of = $as_of ORDER BY finding_id", {"as_of": as_of}).to_dicts()


def acted(connection: Connection, resource_id: str = "i-1", savings: str | None = "720.00", **listed: object) -> None:
    """A finding of the first night that is gone in the second, because something was done in between."""
    run_night(connection, FIRST, [Seen(resource_id, savings=savings), Seen("i-other", "clean")])
    run_night(connection, SECOND, [Seen(resource_id, "clean", listed=listed or GONE), Seen("i-other", "clean")])


def test_a_deleted_resource_saves_what_it_cost_a_day_on_every_complete_day_since(connection: Connection) -> None:
    # 24.00 a day up to 28 September, nothing since; the bill of the others reaches to 8 October: ten days from 29 September.
    acted(connection)
    charge(connection, "i-1", 60, "24.00", until=FIRST, list_cost="30.00")
    charge(connection, "i-other", 30, "1.00", until=LATER)

    (row,) = realized(connection, LATER)

    assert (row["baseline_start"], row["baseline_days"], row["baseline_daily_cost"]) == (date(2026, 9, 15), 14, Decimal(24))
    assert (row["measured_from"], row["measured_until"], row["measured_days"]) == (FIRST, LATER, 10)
    assert (row["actual_cost"], row["realized_savings"], row["realized_list_savings"]) == (0, Decimal("240.00"), Decimal("300.00"))
    assert (row["predicted_monthly_savings"], row["predicted_savings"]) == (Decimal("720.00"), Decimal("240.00"))
    assert (row["reason"], row["acted_on"], row["unmeasured_reason"]) == ("resource_deleted", SECOND, None)


def test_a_smaller_machine_saves_the_difference(connection: Connection) -> None:
    # 24.00 a day before; the day of the change still costs 20.00, the nine days after it 10.00 each: 240.00 - 110.00.
    acted(connection, state="running", instance_type="m5.large")
    connection.execute(
        "UPDATE results.finding_changes SET reason = 'fixed', change = 'gone', detail = 'instance type: m5.4xlarge → m5.large'"
    )
    charge(connection, "i-1", 60, "24.00", until=FIRST)
    charge(connection, "i-1", 1, "20.00", until=SECOND)
    charge(connection, "i-1", 9, "10.00", until=LATER)

    (row,) = realized(connection, LATER)

    assert (row["actual_cost"], row["realized_savings"]) == (Decimal(110), Decimal("130.00"))


def test_every_amount_follows_from_the_others_in_sql(connection: Connection) -> None:
    # A third of a cent a day does not add up to cents: 10.00 in the fourteen days before.
    acted(connection)
    charge(connection, "i-1", 14, "0.714285714285", until=FIRST, list_cost="0.9")
    charge(connection, "i-other", 30, "1.00", until=LATER)
    realized(connection, LATER)

    rows = query(
        connection,
        """
        SELECT
            realized_savings, CAST(baseline_daily_cost * measured_days - actual_cost AS DECIMAL(18, 2)),
            realized_list_savings, CAST(baseline_daily_list_cost * measured_days - actual_list_cost AS DECIMAL(18, 2))
        FROM results.realized_savings
        """,
    ).rows()
    assert rows == [(Decimal("7.14"), Decimal("7.14"), Decimal("9.00"), Decimal("9.00"))]


def test_a_machine_that_was_younger_than_the_baseline_is_measured_by_the_days_that_it_had(connection: Connection) -> None:
    acted(connection)
    charge(connection, "i-1", 4, "10.00", until=FIRST)
    charge(connection, "i-other", 30, "1.00", until=LATER)

    (row,) = realized(connection, LATER)

    assert (row["baseline_days"], row["realized_savings"]) == (4, Decimal("100.00"))


def test_a_change_that_costs_more_is_a_loss(connection: Connection) -> None:
    acted(connection, state="stopped")
    charge(connection, "i-1", 20, "1.00", until=FIRST)
    charge(connection, "i-1", 10, "3.00", until=LATER)

    assert realized(connection, LATER)[0]["realized_savings"] == Decimal("-20.00")


def test_nothing_is_known_before_the_bill_has_a_complete_day_since(connection: Connection) -> None:
    acted(connection)
    charge(connection, "i-1", 60, "24.00", until=FIRST)

    (row,) = realized(connection, SECOND)

    assert (row["realized_savings"], row["measured_days"], row["unmeasured_reason"]) == (None, None, "no_complete_day_yet")
    assert row["predicted_monthly_savings"] == Decimal("720.00")


def test_a_deleted_resource_is_not_free_before_the_bill_says_so(connection: Connection) -> None:
    # The bill still ends on 28 September eleven days later: no day without the resource is known.
    acted(connection)
    charge(connection, "i-1", 60, "24.00", until=FIRST)

    assert realized(connection, LATER)[0]["unmeasured_reason"] == "no_complete_day_yet"


def test_a_resource_that_never_cost_anything_has_no_counterfactual(connection: Connection) -> None:
    acted(connection)
    charge(connection, "i-other", 30, "1.00", until=LATER)

    (row,) = realized(connection, LATER)

    assert (row["realized_savings"], row["unmeasured_reason"]) == (None, "no_cost_before")


def test_savings_end_when_the_finding_comes_back(connection: Connection) -> None:
    acted(connection, state="stopped")
    run_night(connection, LATER, [Seen("i-1", savings="720.00"), Seen("i-other", "clean")])
    charge(connection, "i-1", 60, "24.00", until=FIRST)
    charge(connection, "i-1", 6, "24.00", until=LATEST)

    (row,) = realized(connection, LATEST)

    # Stopped from 29 September to 6 October, eight days; the days from 7 October on cost 24.00 again.
    assert (row["measured_until"], row["actual_cost"], row["realized_savings"]) == (LATER, Decimal(48), Decimal("192.00"))


def test_two_findings_of_one_resource_share_one_saving(connection: Connection) -> None:
    findings = [Seen("i-1", savings="720.00"), Seen("i-1", savings="200.00", rule_id="old_rule")]
    run_night(connection, FIRST, findings, (IDLE, OLD))
    run_night(connection, SECOND, [replace(each, outcome="clean", listed=GONE) for each in findings] + [Seen("i-2", "clean")], (IDLE, OLD))
    charge(connection, "i-1", 60, "24.00", until=FIRST)
    charge(connection, "i-other", 30, "1.00", until=LATER)

    rows = realized(connection, LATER)

    assert [(row["rule_id"], row["realized_savings"], row["unmeasured_reason"], row["counted_under"]) for row in rows] == [
        ("idle_vm", Decimal("240.00"), None, None),
        ("old_rule", None, "counted_under_another", "idle_vm:i-1"),
    ]


def test_what_is_done_twice_to_a_resource_is_never_counted_twice(connection: Connection) -> None:
    # 24.00 a day until it is made smaller on 29 September, 10.00 a day until it is deleted on 9 October.
    large, small = {"instance_type": "m5.4xlarge"}, {"instance_type": "m5.large"}
    run_night(connection, FIRST, [Seen("i-1", savings="720.00", listed=large)])
    run_night(connection, SECOND, [Seen("i-1", savings="300.00", listed=small)])
    run_night(connection, date(2026, 10, 9), [Seen("i-1", savings="300.00", listed=small)])
    run_night(connection, date(2026, 10, 10), [Seen("i-1", "clean", listed=GONE)])
    charge(connection, "i-1", 60, "24.00", until=FIRST)
    charge(connection, "i-1", 10, "10.00", until=LATER)
    charge(connection, "i-other", 30, "1.00", until=LATEST)

    rows = sorted(realized(connection, LATEST), key=lambda row: row["acted_on"])

    # Ten days at 14.00 less; then four days, 9 to 12 October, without the 10.00.
    assert [(row["reason"], row["measured_days"], row["realized_savings"]) for row in rows] == [
        ("resized", 10, Decimal("140.00")),
        ("resource_deleted", 4, Decimal("40.00")),
    ]
    assert [row["predicted_monthly_savings"] for row in rows] == [Decimal("420.00"), Decimal("300.00")]


def test_unknown_predictions_are_measured_all_the_same(connection: Connection) -> None:
    acted(connection, savings=None)
    charge(connection, "i-1", 60, "24.00", until=FIRST)
    charge(connection, "i-other", 30, "1.00", until=LATER)

    (row,) = realized(connection, LATER)

    assert (row["predicted_monthly_savings"], row["predicted_savings"], row["realized_savings"]) == (None, None, Decimal("240.00"))


@pytest.mark.parametrize("outcome", ["not_evaluable", "excepted"])
def test_what_is_no_fix_is_not_measured(connection: Connection, outcome: str) -> None:
    run_night(connection, FIRST, [Seen("i-1", savings="720.00")])
    run_night(connection, SECOND, [Seen("i-1", outcome, reason="gaps")])

    assert realized(connection, THIRD) == []


def test_the_counterfactual_is_said_in_words(connection: Connection) -> None:
    acted(connection)
    charge(connection, "i-1", 60, "24.00", until=FIRST)
    charge(connection, "i-other", 30, "1.00", until=LATER)

    (row,) = realized(connection, LATER)

    assert row["counterfactual"].startswith(
        "Had it not been deleted, it would have gone on costing 24.00 USD a day, the mean of the 14 complete days from 2026-09-15. "
        "It did cost 0.00 USD on the 10 complete days from 2026-09-29."
    )


def test_a_night_that_runs_late_measures_later_nights_anew(connection: Connection) -> None:
    charge(connection, "i-1", 60, "24.00", until=FIRST)
    charge(connection, "i-other", 30, "1.00", until=LATER)
    run_night(connection, SECOND, [Seen("i-1", "clean", listed=GONE), Seen("i-other", "clean")])
    assert realized(connection, SECOND) == []

    run_night(connection, FIRST, [Seen("i-1", savings="720.00"), Seen("i-other", "clean")])
    record_realized_savings(connection, FIRST)

    measured = query(connection, "SELECT as_of, realized_savings FROM results.realized_savings").rows()
    assert measured == [(SECOND, Decimal("24.00"))]
