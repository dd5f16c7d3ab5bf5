"""What the report says about past days that are known better now. How reasons are found is tested with costsieve.core.restatement."""

from datetime import timedelta
from decimal import Decimal

from costsieve.contracts.roll_ups import KNOWN_COSTS
from costsieve.reports.report_restated import Reason, Restated
from costsieve.reports.restated import read_restated
from tests.reports import sample_bills as bills
from tests.reports import sample_night as sample

LATE = Reason("late_rows", Decimal("3.10"), Decimal("3.10"))
CREDIT = Reason("credit_or_refund", Decimal("-5.00"), Decimal("-5.00"))


def restated() -> Restated:
    connection = sample.sample_night()
    bills.add_history(connection)
    found = read_restated(connection, sample.AS_OF)
    assert found is not None
    return found["USD"]


def test_the_bridge_leads_from_what_the_last_night_knew_to_what_is_known_now() -> None:
    bridge = restated().since_last_night

    assert (bridge.known_then, bridge.billed_then, bridge.reasons, bridge.billed_now) == (
        sample.PREVIOUS,
        Decimal("95.00"),
        (LATE,),
        Decimal("98.10"),
    )


def test_a_week_has_the_reasons_of_all_its_nights() -> None:
    week = restated().since_last_week

    assert week is not None
    assert (week.known_then, week.billed_then, week.reasons, week.billed_now) == (
        bills.WEEK_AGO,
        Decimal("100.00"),
        (LATE, CREDIT),
        Decimal("98.10"),
    )


def test_months_say_what_changed_since_the_last_night() -> None:
    (month,) = restated().months

    assert (month.billing_month, month.billed, month.effective, month.reasons) == (
        "2026-09",
        Decimal("3.10"),
        Decimal("3.10"),
        ("late_rows",),
    )


def test_a_history_younger_than_a_week_has_no_week() -> None:
    connection = sample.sample_night()
    bills.add_history(connection, sample.PREVIOUS, sample.AS_OF)

    found = read_restated(connection, sample.AS_OF)

    assert found is not None
    assert found["USD"].since_last_week is None


def test_nights_a_week_apart_are_compared_once() -> None:
    connection = sample.empty_night()
    bills.add_history(connection, bills.WEEK_AGO, sample.AS_OF)

    found = read_restated(connection, sample.AS_OF)

    assert found is not None
    assert (found["USD"].since_last_night.known_then, found["USD"].since_last_week) == (bills.WEEK_AGO, None)


def test_the_first_night_and_a_backfill_have_nothing_to_compare() -> None:
    connection = sample.empty_night()

    assert read_restated(connection, sample.AS_OF) is None

    bills.add_history(connection)
    assert read_restated(connection, sample.AS_OF - timedelta(days=3)) is None


def test_thirds_of_a_cent_add_up_to_what_is_known_now() -> None:
    connection = sample.sample_night()
    bills.add_history(connection)
    third: dict[str, sample.Value] = {"x_charge_type": "Tax", "x_pool": "tax"}
    sample.insert(connection, KNOWN_COSTS, bills.known("0.333333333333", sample.AS_OF, **third))

    found = read_restated(connection, sample.AS_OF)

    assert found is not None
    bridge = found["USD"].since_last_night
    assert bridge.billed_then + sum(reason.billed for reason in bridge.reasons) == bridge.billed_now == Decimal("98.43")
