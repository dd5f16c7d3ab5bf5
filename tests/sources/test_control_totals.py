"""What is summed over the files of a bill while it lands."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from costsieve.errors import UnreadableExport
from costsieve.sources.control_totals import control_totals
from tests.billed_home import cur_rows, gcp_rows

INVOICE = "'EUINV26-2' AS bill_invoice_id, TIMESTAMP '2026-09-30 23:00:00' AS line_item_usage_start_date"


@pytest.fixture
def summed(tmp_path: Path) -> Callable[[str, str], pl.DataFrame]:
    """Sum the rows of a SELECT as one delivered file."""

    def run(source_type: str, select: str) -> pl.DataFrame:
        file = tmp_path / "bill.parquet"
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.sql(select).write_parquet(str(file))
            return control_totals(connection, source_type, [file], "org-bill 2026-09")

    return run


def test_aws_totals_are_kept_by_invoice_with_the_days_of_usage(summed: Callable[[str, str], pl.DataFrame]) -> None:
    totals = summed("aws_cur", cur_rows("3 AS line_item_unblended_cost", f"4 AS line_item_unblended_cost, {INVOICE}"))
    columns = ["billing_month", "invoice_id", "billed_cost", "first_usage_on", "last_usage_on"]
    assert sorted(totals.select(columns).rows(), key=str) == [
        ("2026-09", "EUINV26-2", Decimal(4), date(2026, 9, 30), date(2026, 9, 30)),
        ("2026-09", None, Decimal(3), date(2026, 9, 1), date(2026, 9, 1)),
    ]


def test_gcp_totals_are_kept_by_invoice_month(summed: Callable[[str, str], pl.DataFrame]) -> None:
    totals = summed("gcp_billing", gcp_rows("1.5 AS cost", "2.5 AS cost, {'month': '202610'} AS invoice"))
    assert sorted(totals.select("billing_month", "billed_cost", "last_usage_on").rows()) == [
        ("2026-09", Decimal(1), date(2026, 9, 30)),
        ("2026-10", Decimal(2), date(2026, 9, 30)),
    ]


@pytest.mark.parametrize("amount", ["12345.6789012345", "-98765.0123456789", "1048576.123456789"])
def test_totals_of_doubles_are_those_of_the_decimals_that_they_were_written_as(
    summed: Callable[[str, str], pl.DataFrame], amount: str
) -> None:
    focus = f"""SELECT 'b' AS BillingAccountId, 'EUR' AS BillingCurrency, 'Usage' AS ChargeCategory,
        '2026-09-01' AS BillingPeriodStart, '2026-09-01' AS ChargePeriodStart, {amount}::DOUBLE AS BilledCost"""
    totals = [
        summed("aws_cur", cur_rows(f"{amount}::DOUBLE AS line_item_unblended_cost")),
        summed("gcp_billing", gcp_rows(f"{amount}::DOUBLE AS cost, [{{'amount': {amount}::DOUBLE}}] AS credits")),
        summed("focus", focus),
    ]
    assert [total["billed_cost"].to_list() for total in totals] == [[Decimal(amount)], [2 * Decimal(amount)], [Decimal(amount)]]


@pytest.mark.parametrize("currency", ["NULL::VARCHAR", "''"])
def test_rows_without_a_currency_are_refused(summed: Callable[[str, str], pl.DataFrame], currency: str) -> None:
    with pytest.raises(UnreadableExport, match="org-bill 2026-09: 1 rows have no line_item_currency_code"):
        summed("aws_cur", cur_rows("3 AS line_item_unblended_cost", f"{currency} AS line_item_currency_code"))


@pytest.mark.parametrize(("amount", "named"), [("nan", "nan"), ("infinity", "inf"), ("-infinity", "-inf")])
def test_a_cost_that_is_no_amount_is_named(summed: Callable[[str, str], pl.DataFrame], amount: str, named: str) -> None:
    complaint = f"org-bill 2026-09 could not be summed: a cost is {named}, which is no amount. Deliver it"
    with pytest.raises(UnreadableExport, match=complaint):
        summed("aws_cur", cur_rows(f"'{amount}'::DOUBLE AS line_item_unblended_cost"))
    with pytest.raises(UnreadableExport, match=complaint):
        summed("gcp_billing", gcp_rows(f"'{amount}'::DOUBLE AS cost"))
