from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from costsieve.core.restatement import (
    Bridge,
    Comparison,
    MonthChange,
    ReasonChange,
    Restatement,
    compare_since,
    read_bridges,
    read_changes,
    restatement,
    summarise,
)
from costsieve.errors import ConfigurationError
from tests.core.bills import GCP_ROW
from tests.core.conftest import Lake
from tests.core.history import Line, bill, keep

FIRST, SECOND, THIRD = date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3)
OTHER = "777788889999"


@pytest.fixture
def finalised(lake: Lake) -> Lake:
    """A day of 100.00 that the second night knows better, worked by hand.

    Billed: 10 + 10 - 10 + 90 = 100 becomes 10 - 10 + 10 + 90 + 3.10 - 5 + 19 = 117.10.
    Effective: 10 + 7.50 + 90 = 107.50 becomes 6.25 + 10 + 90 + 3.10 - 5 + 19 = 123.35.
    """
    on_demand, covered, negation = Line("10"), Line("10", "SavingsPlanCoveredUsage", "7.5"), Line("-10", "SavingsPlanNegation")
    storage = Line("90", product="AmazonS3")
    lake.land(bill([on_demand, of_other(covered), of_other(negation), storage]), "2026-09")
    keep(lake, FIRST)
    reassigned = [Line("10", "SavingsPlanCoveredUsage", "6.25"), negation, of_other(on_demand)]
    late, credit, tax = Line("3.10", product="AmazonS3"), Line("-5", "Credit"), Line("19", "Tax")
    lake.land(bill(Line(**{**vars(line), "invoice": "INV-9"}) for line in [*reassigned, storage, late, credit, tax]), "2026-09", "v2")
    keep(lake, SECOND)
    return lake


def of_other(line: Line) -> Line:
    return Line(**{**vars(line), "account": OTHER})


def changed(reason: str, billed: str, effective: str) -> ReasonChange:
    return ReasonChange(reason, Decimal(billed), Decimal(effective))


def reasons(lake: Lake, since: date = FIRST) -> list[tuple[Any, ...]]:
    changes = read_changes(lake.connection, compare_since(lake.connection, since))
    return [(row["reason"], float(row["billed_change"])) for row in changes.to_dicts()]


BRIDGE = (
    changed("late_rows", "3.10", "3.10"),
    changed("commitment", "0", "-1.25"),
    changed("credit_or_refund", "-5", "-5"),
    changed("finalisation", "19", "19"),
)


def test_the_bridge_of_a_finalised_day_is_the_one_worked_by_hand(finalised: Lake) -> None:
    comparison = compare_since(finalised.connection, FIRST)
    changes = read_changes(finalised.connection, comparison)
    assert read_bridges(finalised.connection, comparison, changes) == (
        Bridge("USD", Decimal(100), Decimal("117.10"), Decimal("107.50"), Decimal("123.35"), BRIDGE),
    )


def test_a_savings_plan_that_moved_to_another_account_is_told_account_by_account(finalised: Lake) -> None:
    changes = read_changes(finalised.connection, compare_since(finalised.connection, FIRST)).to_dicts()
    moved = {
        (row["SubAccountId"], row["x_charge_type"]): (float(row["billed_change"]), float(row["effective_change"]))
        for row in changes
        if row["reason"] == "commitment"
    }
    assert moved == {
        ("444455556666", "Usage"): (-10, -10),
        ("444455556666", "SavingsPlanCoveredUsage"): (10, 6.25),
        ("444455556666", "SavingsPlanNegation"): (-10, 0),
        (OTHER, "Usage"): (10, 10),
        (OTHER, "SavingsPlanCoveredUsage"): (-10, -7.5),
        (OTHER, "SavingsPlanNegation"): (10, 0),
    }


def test_the_report_gets_months_with_reasons(finalised: Lake) -> None:
    assert restatement(finalised.connection, SECOND) == Restatement(
        Comparison(FIRST, FIRST, SECOND), (MonthChange("2026-09", "USD", Decimal("17.10"), Decimal("15.85"), BRIDGE),)
    )


def test_changes_are_summarised_by_provider_month_and_service(finalised: Lake) -> None:
    summary = summarise(read_changes(finalised.connection, compare_since(finalised.connection, FIRST)))
    assert summary.select("ProviderName", "billing_month", "ServiceName", "reason", "billed_change").rows() == [
        ("AWS", "2026-09", "AmazonEC2", "commitment", Decimal(0)),
        ("AWS", "2026-09", "AmazonEC2", "credit_or_refund", Decimal(-5)),
        ("AWS", "2026-09", "AmazonEC2", "finalisation", Decimal(19)),
        ("AWS", "2026-09", "AmazonS3", "late_rows", Decimal("3.1")),
    ]


def test_a_price_that_settles_with_the_invoice_is_finalisation_and_one_that_does_not_is_repriced(lake: Lake) -> None:
    lake.land(bill([Line("100"), Line("50", product="AmazonS3")]), "2026-09")
    keep(lake, FIRST)
    lake.land(bill([Line("101", invoice="INV-9"), Line("49", product="AmazonS3")]), "2026-09", "v2")
    keep(lake, SECOND)
    assert reasons(lake) == [("finalisation", 1.0), ("repriced", -1.0)]


def test_each_night_has_its_own_reason_for_the_same_charge(lake: Lake) -> None:
    for version, lines in enumerate(([Line("100")], [Line("100"), Line("5")], [Line("100"), Line("4")])):
        lake.land(bill(lines), "2026-09", f"v{version}")
        keep(lake, date(2026, 10, 1 + version))
    changes = read_changes(lake.connection, compare_since(lake.connection, FIRST))
    assert changes.select("known_on", "reason", "billed_change").rows() == [
        (SECOND, "late_rows", Decimal(5)),
        (THIRD, "repriced", Decimal(-1)),
    ]


def test_rows_of_days_that_were_not_over_are_no_restatement(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    keep(lake, FIRST)
    lake.land(bill([Line("100"), Line("50", day="2026-10-01")]), "2026-09", "v2")
    keep(lake, SECOND)
    assert reasons(lake) == []


def test_a_new_partition_of_a_known_gcp_export_brings_late_rows_and_a_new_source_is_new(lake: Lake) -> None:
    lake.land(GCP_ROW, "2026-09-30", source_type="gcp_billing", source="gcp")
    keep(lake, FIRST)
    late = f"SELECT * REPLACE ([] AS credits) FROM ({GCP_ROW})"
    lake.land(late, "2026-10-01", source_type="gcp_billing", source="gcp")
    lake.land(late, "2026-10-01", source_type="gcp_billing", source="second-gcp")
    keep(lake, SECOND)
    assert sorted(reasons(lake)) == [("late_rows", 1.5), ("new_period", 1.5)]


def test_currencies_have_bridges_of_their_own(lake: Lake) -> None:
    lake.land(bill([Line("100"), Line("40", currency="EUR")]), "2026-09")
    keep(lake, FIRST)
    lake.land(bill([Line("101"), Line("39", currency="EUR")]), "2026-09", "v2")
    keep(lake, SECOND)
    comparison = compare_since(lake.connection, FIRST)
    bridges = read_bridges(lake.connection, comparison, read_changes(lake.connection, comparison))
    assert [(bridge.currency, float(bridge.billed_then), float(bridge.billed_now)) for bridge in bridges] == [
        ("EUR", 40, 39),
        ("USD", 100, 101),
    ]


def test_a_date_without_a_night_means_the_last_night_before_it(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    keep(lake, FIRST)
    keep(lake, date(2026, 10, 9))
    assert compare_since(lake.connection, date(2026, 10, 5)) == Comparison(date(2026, 10, 5), FIRST, date(2026, 10, 9))


def test_a_night_that_did_not_publish_is_nothing_that_anyone_knew(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    keep(lake, FIRST)
    lake.land(bill([Line("101")]), "2026-09", "v2")
    keep(lake, SECOND)
    lake.connection.execute("DELETE FROM meta.nights WHERE as_of = ?", [SECOND])
    assert restatement(lake.connection, SECOND).comparison == Comparison(FIRST, FIRST, SECOND)
    keep(lake, THIRD)
    found = restatement(lake.connection, THIRD)
    assert (found.comparison, found.months[0].billed_change) == (Comparison(FIRST, FIRST, THIRD), Decimal(1))


def test_a_night_without_changes_says_so(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    keep(lake, FIRST)
    keep(lake, SECOND)
    assert restatement(lake.connection, SECOND) == Restatement(Comparison(FIRST, FIRST, SECOND), ())


def test_before_the_first_night_everything_is_unknown_and_not_zero(lake: Lake) -> None:
    with pytest.raises(ConfigurationError, match="no published night has kept what it knew"):
        compare_since(lake.connection, FIRST)
    lake.land(bill([Line("100")]), "2026-09")
    keep(lake, SECOND)
    with pytest.raises(ConfigurationError, match="unknown what was known on 2026-10-01: the history begins with the night of 2026-10-02"):
        compare_since(lake.connection, FIRST)
    assert restatement(lake.connection, SECOND) == Restatement(None, ())


def test_a_backfilled_night_has_no_restatement(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    keep(lake, FIRST)
    keep(lake, THIRD)
    keep(lake, SECOND)
    assert restatement(lake.connection, SECOND) == Restatement(None, ())
