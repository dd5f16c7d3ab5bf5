"""Exports whose query dropped columns that amortised or net costs are made of, on small real bills."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from costsieve.warehouse import Warehouse
from tests.billed_home import BilledHome, billed_home, cur_rows

CHECK = "cost_columns_are_delivered"
RESERVATION = "'arn:aws:ec2:us-east-1:100000000001:reserved-instances/ri-1' AS reservation_reservation_a_r_n"
USAGE = "10 AS line_item_unblended_cost"
PLAN_FEE = (
    "'SavingsPlanRecurringFee' AS line_item_line_item_type, 5 AS line_item_unblended_cost,"
    " 5 AS savings_plan_total_commitment_to_date, 4 AS savings_plan_used_commitment"
)
COVERED = (
    "'SavingsPlanCoveredUsage' AS line_item_line_item_type, 6 AS line_item_unblended_cost, 4 AS savings_plan_savings_plan_effective_cost"
)
NEGATION = "'SavingsPlanNegation' AS line_item_line_item_type, -6 AS line_item_unblended_cost"
PLAN = (PLAN_FEE, COVERED, NEGATION)
RESERVATION_FEE = (
    f"'RIFee' AS line_item_line_item_type, 60 AS line_item_unblended_cost, {RESERVATION}, 6 AS reservation_unused_recurring_fee,"
    " 40 AS reservation_amortized_upfront_fee_for_billing_period, 4 AS reservation_unused_amortized_upfront_fee_for_billing_period"
)
RESERVED = (
    RESERVATION_FEE,
    f"'DiscountedUsage' AS line_item_line_item_type, 0 AS line_item_unblended_cost, {RESERVATION}, 90 AS reservation_effective_cost",
)


@pytest.fixture
def bills(warehouse: Warehouse) -> Iterator[BilledHome]:
    with billed_home(warehouse) as home:
        yield home


def test_a_bill_with_all_columns_goes_on(bills: BilledHome) -> None:
    bills.land(cur_rows(USAGE, *PLAN, *RESERVED))
    bills.roll_up()
    assert bills.offending(CHECK) == []


@pytest.mark.parametrize(
    ("column", "line_item_type"),
    [
        ("savings_plan_savings_plan_effective_cost", "SavingsPlanCoveredUsage"),
        ("savings_plan_total_commitment_to_date", "SavingsPlanRecurringFee"),
        ("savings_plan_used_commitment", "SavingsPlanRecurringFee"),
        ("reservation_effective_cost", "DiscountedUsage"),
        ("reservation_unused_amortized_upfront_fee_for_billing_period", "RIFee"),
        ("reservation_unused_recurring_fee", "RIFee"),
        ("reservation_reservation_a_r_n", "RIFee"),
    ],
)
def test_a_dropped_column_is_named_with_the_rows_that_need_it(bills: BilledHome, column: str, line_item_type: str) -> None:
    bills.land(f"SELECT * EXCLUDE ({column}) FROM ({cur_rows(USAGE, *PLAN, *RESERVED)})")
    bills.roll_up()
    named = {"source": "org-bill", "period": "2026-09", "line_item_type": line_item_type, "columns_to_add": column, "row_count": 1}
    assert bills.offending(CHECK) == [named]


def test_a_bill_without_commitments_needs_none_of_their_columns(bills: BilledHome) -> None:
    kept = [name for name in bills.connection.sql(cur_rows(USAGE)).columns if not name.startswith(("savings_plan_", "reservation_"))]
    bills.land(f"SELECT {', '.join(kept)} FROM ({cur_rows(USAGE)})")
    bills.roll_up()
    assert bills.offending(CHECK) == []


def test_the_complete_delivery_of_a_month_that_lacked_a_column_clears_it(bills: BilledHome) -> None:
    bills.land(f"SELECT * EXCLUDE (reservation_effective_cost) FROM ({cur_rows(USAGE, *RESERVED)})")
    bills.roll_up()
    bills.land(cur_rows(USAGE, *RESERVED), version="v2")
    bills.roll_up()
    assert bills.offending(CHECK) == []


NET_USAGE = "10 AS line_item_unblended_cost, 9.4 AS line_item_net_unblended_cost"
DISCOUNT = "'EdpDiscount' AS line_item_line_item_type, -0.6 AS line_item_unblended_cost, NULL AS line_item_net_unblended_cost"


def net_rows(*rows: str) -> str:
    bill = f"SELECT *, NULL::DOUBLE AS line_item_net_unblended_cost FROM ({cur_rows(USAGE)})"
    return " UNION ALL BY NAME ".join(f"SELECT * REPLACE ({row}) FROM ({bill})" for row in rows)


def test_a_blank_net_cost_of_a_discount_is_not_subtracted_a_second_time(bills: BilledHome) -> None:
    bills.land(net_rows(NET_USAGE, DISCOUNT))
    bills.roll_up()
    assert bills.rows("SELECT sum(BilledCost), sum(x_net_effective_cost) FROM core.daily_cost") == [(Decimal("9.4"), Decimal("9.4"))]


def test_every_month_tells_for_itself_whether_its_costs_are_net(bills: BilledHome) -> None:
    bills.land(net_rows(USAGE, DISCOUNT), period="2026-08")
    bills.land(net_rows(NET_USAGE, DISCOUNT))
    bills.roll_up()
    by_month = "SELECT x_period, sum(x_net_effective_cost) FROM core.daily_cost GROUP BY x_period ORDER BY x_period"
    assert bills.rows(by_month) == [("2026-08", Decimal("9.4")), ("2026-09", Decimal("9.4"))]
