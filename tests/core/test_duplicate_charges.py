"""One account in two bills: it is counted once, and nothing that only one of them has is lost."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from costsieve.warehouse import Warehouse
from tests.billed_home import FOCUS_ROW, BilledHome, billed_home, cur_rows, gcp_rows

MEMBER = "'100000000003' AS line_item_usage_account_id"
PAYER_BILL = cur_rows("10 AS line_item_unblended_cost", f"5 AS line_item_unblended_cost, {MEMBER}")
MEMBER_BILL = cur_rows(f"5 AS line_item_unblended_cost, {MEMBER}")
LEFT_OUT = "SELECT source, kept_source, sub_account_id, row_count, billed_cost FROM meta.duplicate_charges ORDER BY ALL"
BILLED = "SELECT x_source, SubAccountId, sum(BilledCost) FROM core.charges GROUP BY ALL ORDER BY ALL"


@pytest.fixture
def bills(warehouse: Warehouse) -> Iterator[BilledHome]:
    with billed_home(warehouse) as home:
        yield home


def day(number: int) -> str:
    return f"TIMESTAMPTZ '2026-09-{number:02} 03:00:00+00' AS usage_start_time"


def test_an_account_of_payer_and_member_is_taken_from_the_payer(bills: BilledHome) -> None:
    bills.land(PAYER_BILL, "org-bill")
    bills.land(MEMBER_BILL, "member-bill")
    bills.roll_up()
    assert bills.rows(LEFT_OUT) == [("member-bill", "org-bill", "100000000003", 1, Decimal(5))]
    assert bills.rows(BILLED) == [("org-bill", "100000000002", Decimal(10)), ("org-bill", "100000000003", Decimal(5))]


def test_accounts_that_only_the_left_out_source_delivers_stay(bills: BilledHome) -> None:
    other = "'100000000004' AS line_item_usage_account_id"
    bills.land(PAYER_BILL, "org-bill")
    bills.land(cur_rows(f"5 AS line_item_unblended_cost, {MEMBER}", f"7 AS line_item_unblended_cost, {other}"), "member-bill")
    bills.roll_up()
    assert ("member-bill", "100000000004", Decimal(7)) in bills.rows(BILLED)


def test_the_source_with_most_rows_of_the_account_is_kept(bills: BilledHome) -> None:
    """An hourly export tells more than a daily one of the same account."""
    bills.land(cur_rows("24 AS line_item_unblended_cost"), "a-daily")
    bills.land(cur_rows("12 AS line_item_unblended_cost", "12 AS line_item_unblended_cost"), "b-hourly")
    bills.roll_up()
    assert bills.rows(LEFT_OUT) == [("a-daily", "b-hourly", "100000000002", 1, Decimal(24))]


def test_the_same_export_under_two_names_is_kept_under_the_first(bills: BilledHome) -> None:
    bills.land(PAYER_BILL, "renamed-bill")
    bills.land(PAYER_BILL, "org-bill")
    bills.roll_up()
    assert {row[:2] for row in bills.rows(LEFT_OUT)} == {("renamed-bill", "org-bill")}
    assert bills.rows("SELECT sum(BilledCost), sum(charge_count) FROM core.daily_cost") == [(Decimal(15), 2)]


def test_the_detailed_export_is_kept_beside_the_standard_one_even_for_a_project_with_as_many_rows(bills: BilledHome) -> None:
    taxes = "'tax' AS cost_type, {'id': NULL::VARCHAR, 'name': NULL::VARCHAR} AS project"
    research = "{'id': 'ml-research', 'name': 'Research'} AS project"
    bills.land(gcp_rows("2.0 AS cost", f"3.0 AS cost, {research}", f"0.7 AS cost, {taxes}"), "a-standard", "2026-09-30")
    bills.land(gcp_rows("1.0 AS cost", "1.0 AS cost", f"3.0 AS cost, {research}", f"0.7 AS cost, {taxes}"), "b-detailed", "2026-09-30")
    bills.roll_up()
    assert {row[:3] for row in bills.rows(LEFT_OUT)} == {
        ("a-standard", "b-detailed", "ml-prod"),
        ("a-standard", "b-detailed", "ml-research"),
        ("a-standard", "b-detailed", None),
    }
    assert bills.rows("SELECT DISTINCT x_source FROM core.charges") == [("b-detailed",)]


def test_a_cur_is_kept_beside_a_focus_export_of_the_same_account(bills: BilledHome) -> None:
    bills.land(cur_rows("2 AS line_item_unblended_cost", "1 AS line_item_unblended_cost"), "org-bill")
    bills.land(FOCUS_ROW, "focus-bill")
    bills.roll_up()
    assert bills.rows(LEFT_OUT) == [("focus-bill", "org-bill", "100000000002", 1, Decimal(3))]
    assert bills.rows(BILLED) == [("org-bill", "100000000002", Decimal(3))]


def test_rows_that_focus_adds_for_fees_and_promotions_do_not_make_it_the_fuller_bill(bills: BilledHome) -> None:
    """The fee of a commitment is one row of a bill, and a purchase and what was used or unused of it in FOCUS."""
    fee = "'RIFee' AS line_item_line_item_type, 2 AS line_item_unblended_cost"
    purchase = f"SELECT * REPLACE ('Purchase' AS ChargeCategory, 2.0 AS BilledCost) FROM ({FOCUS_ROW})"
    unused = f"SELECT * REPLACE (0.0 AS BilledCost) FROM ({FOCUS_ROW})"
    credit = f"SELECT * REPLACE ('Credit' AS ChargeCategory, 0.0 AS BilledCost) FROM ({FOCUS_ROW})"
    bills.land(cur_rows("3 AS line_item_unblended_cost", fee), "org-bill")
    bills.land(f"{FOCUS_ROW} UNION ALL {purchase} UNION ALL {unused} UNION ALL {credit}", "focus-bill")
    bills.roll_up()
    assert bills.rows(BILLED) == [("org-bill", "100000000002", Decimal(5))]


def test_a_bill_goes_before_its_copy_in_focus_whatever_their_names(bills: BilledHome) -> None:
    bills.land(cur_rows("3 AS line_item_unblended_cost"), "org-bill")
    bills.land(FOCUS_ROW, "focus-bill")
    bills.roll_up()
    assert bills.rows(BILLED) == [("org-bill", "100000000002", Decimal(3))]


def test_a_focus_export_with_more_rows_is_kept_beside_a_cur(bills: BilledHome) -> None:
    bills.land(cur_rows("6 AS line_item_unblended_cost"), "org-bill")
    bills.land(f"{FOCUS_ROW} UNION ALL {FOCUS_ROW}", "focus-bill")
    bills.roll_up()
    assert bills.rows(BILLED) == [("focus-bill", "100000000002", Decimal(6))]


def test_months_that_only_one_source_delivers_are_kept(bills: BilledHome) -> None:
    august = "TIMESTAMP '2026-08-01' AS bill_billing_period_start_date"
    bills.land(cur_rows(f"3 AS line_item_unblended_cost, {august}, {MEMBER}"), "member-bill", "2026-08")
    bills.land(MEMBER_BILL, "member-bill")
    bills.land(PAYER_BILL, "org-bill")
    bills.roll_up()
    assert bills.rows("SELECT x_period, sum(BilledCost) FROM core.daily_cost WHERE x_source = 'member-bill' GROUP BY ALL") == [
        ("2026-08", Decimal(3))
    ]


def test_an_export_that_goes_on_in_another_dataset_completes_the_first(bills: BilledHome) -> None:
    """The tax of the month is dated on its first day, in whichever dataset it arrives."""
    tax = f"'tax' AS cost_type, {day(1)}"
    bills.land(gcp_rows(day(1), day(15)), "old-dataset", "2026-09-16")
    bills.land(gcp_rows(day(15), day(30), tax), "new-dataset", "2026-10-01")
    bills.roll_up()
    assert bills.rows(LEFT_OUT) == []
    assert bills.rows("SELECT count(*) FROM raw.gcp_billing") == [(5,)]


def test_an_export_that_lags_a_day_behind_the_other_is_no_completion_of_it(bills: BilledHome) -> None:
    bills.land(gcp_rows(day(1)), "late-export", "2026-09-02")
    bills.land(gcp_rows(day(1), day(2)), "early-export", "2026-09-02")
    bills.roll_up()
    assert [row[0] for row in bills.rows(LEFT_OUT)] == ["late-export"]


def test_accounts_under_two_payers_are_two_bills(bills: BilledHome) -> None:
    bills.land(MEMBER_BILL, "old-org")
    bills.land(cur_rows(f"'900000000009' AS bill_payer_account_id, {MEMBER}"), "new-org")
    bills.roll_up()
    assert bills.rows(LEFT_OUT) == []


def test_a_night_without_duplicates_reads_the_files_as_ever(bills: BilledHome) -> None:
    bills.land(PAYER_BILL)
    bills.roll_up()
    assert "duplicate_charges" not in bills.rows("SELECT sql FROM duckdb_views() WHERE view_name = 'aws_cur'")[0][0]


def test_files_of_other_months_stay_unread_where_something_is_left_out(bills: BilledHome) -> None:
    bills.land(cur_rows("TIMESTAMP '2026-08-01' AS bill_billing_period_start_date"), "org-bill", "2026-08")
    bills.land(PAYER_BILL)
    bills.land(MEMBER_BILL, "member-bill")
    bills.roll_up()
    plan = bills.rows("EXPLAIN ANALYZE SELECT sum(BilledCost) FROM core.charges WHERE x_source = 'org-bill' AND x_period = '2026-09'")
    assert re.findall(r"Total Files Read: ([1-9]\d*)", plan[0][1]) == ["1"]


def test_a_second_source_has_exactly_its_own_periods_rolled_up_again_when_it_comes_and_when_it_goes(bills: BilledHome) -> None:
    """A bigger export of the account takes it over; when it is gone, the first one has it back."""
    bills.land(cur_rows("TIMESTAMP '2026-08-01' AS bill_billing_period_start_date"), "member-bill", "2026-08")
    bills.land(MEMBER_BILL, "member-bill")
    assert bills.roll_up().periods == ("member-bill 2026-08", "member-bill 2026-09")
    bills.land(PAYER_BILL, "org-bill")
    assert bills.roll_up().periods == ("member-bill 2026-09", "org-bill 2026-09")
    assert bills.roll_up().periods == ()
    bills.connection.execute("UPDATE meta.loads SET is_current = false WHERE source = 'org-bill'")
    assert bills.roll_up().periods == ("member-bill 2026-09",)
    assert bills.rows("SELECT sum(BilledCost) FROM core.daily_cost") == [(Decimal(6),)]
