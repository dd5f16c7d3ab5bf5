"""Small real bills from landed file to reconciliation: what agrees, what is told apart, and what the checks say of it."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costsieve.warehouse import Warehouse
from tests.billed_home import BilledHome, billed_home, cur_rows, gcp_rows

STAGES = "delivered_cost, core_cost, daily_cost"


@pytest.fixture
def bills(warehouse: Warehouse) -> Iterator[BilledHome]:
    with billed_home(warehouse) as home:
        yield home


def test_delivered_charged_and_daily_costs_agree_to_the_last_decimal(bills: BilledHome) -> None:
    bills.land(cur_rows("0.1 AS line_item_unblended_cost", "0.2000000003 AS line_item_unblended_cost"))
    bills.reconcile()
    assert bills.rows(f"SELECT {STAGES}, delivered_rows, core_rows, daily_rows, difference FROM quality.reconciliation") == [
        (*[Decimal("0.3000000003")] * 3, 2, 2, 2, 0)
    ]
    assert bills.offending("delivered_equals_core_equals_daily") == []


def test_two_currencies_in_one_file_are_never_added(bills: BilledHome) -> None:
    bills.land(cur_rows("3 AS line_item_unblended_cost", "5 AS line_item_unblended_cost, 'EUR' AS line_item_currency_code"))
    bills.reconcile()
    assert bills.rows(f"SELECT currency, {STAGES} FROM quality.reconciliation ORDER BY currency") == [
        ("EUR", 5, 5, 5),
        ("USD", 3, 3, 3),
    ]
    assert bills.rows('SELECT "BillingCurrency", "BilledCost" FROM core.month_views ORDER BY ALL') == [("EUR", 5), ("USD", 3)]


def test_gcp_is_reconciled_by_invoice_month(bills: BilledHome) -> None:
    """Usage of the last hours of September is exported on 1 October and invoiced with October."""
    bills.land(gcp_rows("1.5 AS cost", "2.5 AS cost, {'month': '202610'} AS invoice"), "gcp-bill", "2026-10-01")
    bills.reconcile()
    assert bills.rows(f"SELECT billing_month, {STAGES} FROM quality.reconciliation ORDER BY ALL") == [
        ("2026-09", 1, 1, 1),
        ("2026-10", 2, 2, 2),
    ]
    assert bills.rows('SELECT billing_month, usage_month, "BilledCost", "ListCost" FROM core.month_views ORDER BY ALL') == [
        ("2026-09", "2026-09", 1, Decimal("1.5")),
        ("2026-10", "2026-09", 2, Decimal("2.5")),
    ]


def test_usage_dated_in_the_future_is_named_and_stays_in_every_total(bills: BilledHome) -> None:
    bills.land(
        cur_rows("3 AS line_item_unblended_cost", "4 AS line_item_unblended_cost, TIMESTAMP '2099-01-01' AS line_item_usage_start_date")
    )
    bills.reconcile()
    assert bills.rows(f"SELECT {STAGES}, difference FROM quality.reconciliation") == [(7, 7, 7, 0)]
    [named] = bills.offending("usage_is_not_in_the_future")
    assert (named["x_source"], str(named["last_usage_date"]), named["billed_cost"]) == ("org-bill", "2099-01-01", 4)


def test_a_blank_project_is_no_project_at_every_stage(bills: BilledHome) -> None:
    nobody = "{'id': '', 'name': ''} AS project"
    bills.land(gcp_rows(f"1.5 AS cost, {nobody}", "2.5 AS cost"), "gcp-bill", "2026-09-30")
    bills.reconcile()
    assert bills.rows(f"SELECT sub_account_id, {STAGES} FROM quality.reconciliation ORDER BY ALL") == [
        ("ml-prod", 2, 2, 2),
        (None, 1, 1, 1),
    ]


def test_a_daily_cost_that_changes_behind_the_roll_up_is_seen(bills: BilledHome) -> None:
    bills.land(cur_rows("3 AS line_item_unblended_cost"))
    bills.reconcile()
    bills.connection.execute('UPDATE core.daily_cost SET "BilledCost" = 3.000000000001')
    bills.reconcile()
    [row] = bills.offending("delivered_equals_core_equals_daily")
    assert (row["delivered_cost"], row["core_cost"], row["daily_cost"]) == (3, 3, Decimal("3.000000000001"))


def test_reconciling_unchanged_bills_reads_no_bill(bills: BilledHome) -> None:
    bills.land(cur_rows("3 AS line_item_unblended_cost"))
    bills.reconcile()
    for file in bills.home.lake.rglob("*.parquet"):
        file.write_bytes(b"")
    assert reconciled_again(bills) == [(3, 3, 3)]


def reconciled_again(bills: BilledHome) -> list[Any]:
    """Roll up and reconcile over the views that are there, as nothing may be read to make new ones."""
    from costsieve.core.roll_up import roll_up_changes
    from costsieve.quality.reconciliation import reconcile
    from costsieve.settings import Allocation

    roll_up_changes(bills.connection, Allocation())
    reconcile(bills.connection)
    return bills.rows(f"SELECT {STAGES} FROM quality.reconciliation")


def test_a_restated_period_is_reconciled_with_its_new_version(bills: BilledHome) -> None:
    bills.land(cur_rows("3 AS line_item_unblended_cost"))
    bills.reconcile()
    bills.land(cur_rows("4 AS line_item_unblended_cost", "1 AS line_item_unblended_cost"), version="v2")
    bills.reconcile()
    assert bills.rows(f"SELECT {STAGES}, core_rows FROM quality.reconciliation") == [(5, 5, 5, 2)]


def test_a_withdrawn_period_leaves_nothing_to_reconcile(bills: BilledHome) -> None:
    bills.land(cur_rows("3 AS line_item_unblended_cost"))
    bills.reconcile()
    bills.connection.execute("UPDATE meta.loads SET is_current = false")
    bills.reconcile()
    assert bills.rows("SELECT * FROM quality.reconciliation") == []


def test_delivered_less_left_out_charges_is_what_was_charged(bills: BilledHome) -> None:
    bills.land(cur_rows("3 AS line_item_unblended_cost", "'100000000003' AS line_item_usage_account_id"), "org-bill")
    bills.land(cur_rows("3 AS line_item_unblended_cost"), "member-bill")
    bills.reconcile()
    assert bills.rows("SELECT sum(delivered_cost), sum(left_out_cost), sum(daily_cost) FROM quality.reconciliation") == [(7, 3, 4)]
    assert bills.offending("delivered_equals_core_equals_daily") == bills.offending("bills_have_charges") == []
    [warned] = bills.offending("accounts_are_delivered_once")
    assert (warned["source"], warned["kept_source"], warned["left_out_cost"]) == ("member-bill", "org-bill", 3)


@pytest.mark.parametrize(("amount", "differences"), [("8.00", []), ("8.01", [Decimal("-0.01")])])
def test_an_invoice_is_compared_with_the_bill(bills: BilledHome, tmp_path: Path, amount: str, differences: list[Decimal]) -> None:
    invoices = tmp_path / "invoices.csv"
    invoices.write_text(
        f"billing_account_id,billing_month,currency,amount,invoice_id\n100000000001,2026-09,USD,{amount},\n", encoding="utf-8"
    )
    bills.land(cur_rows("3 AS line_item_unblended_cost", "5 AS line_item_unblended_cost, 'Tax' AS line_item_line_item_type"))
    bills.reconcile(invoices)
    assert [row["difference"] for row in bills.offending("invoices_equal_bills")] == differences
    assert bills.offending("invoices_have_bills") == []


def test_one_of_several_invoices_is_compared_with_its_own_charges(bills: BilledHome, tmp_path: Path) -> None:
    invoices = tmp_path / "invoices.csv"
    invoices.write_text(
        "billing_account_id,billing_month,currency,amount,invoice_id,provider\n100000000001,2026-09,USD,5,EUINV26-2,AWS\n", encoding="utf-8"
    )
    bills.land(cur_rows("3 AS line_item_unblended_cost", "5 AS line_item_unblended_cost, 'EUINV26-2' AS bill_invoice_id"))
    bills.reconcile(invoices)
    assert bills.rows("SELECT invoice_cost, billed_cost, difference FROM quality.invoices") == [(5, 5, 0)]


def test_an_invoice_that_is_taken_out_of_the_file_is_compared_no_more(bills: BilledHome, tmp_path: Path) -> None:
    invoices = tmp_path / "invoices.csv"
    invoices.write_text("billing_account_id,billing_month,currency,amount\n1,2026-09,USD,5\n", encoding="utf-8")
    bills.reconcile(invoices)
    bills.reconcile()
    assert bills.rows("SELECT * FROM quality.invoices") == []
