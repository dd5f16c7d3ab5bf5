"""AWS's own identities on small real bills: per Savings Plan, per reservation, and over the month."""

from collections.abc import Iterator

import pytest

from costsieve.warehouse import Warehouse
from tests.billed_home import FOCUS_ROW, BilledHome, billed_home, cur_rows

PLAN = "'arn:aws:savingsplans::100000000001:savingsplan/sp-1' AS savings_plan_savings_plan_a_r_n"
RESERVATION = "'arn:aws:ec2:us-east-1:100000000001:reserved-instances/ri-1' AS reservation_reservation_a_r_n"


@pytest.fixture
def bills(warehouse: Warehouse) -> Iterator[BilledHome]:
    with billed_home(warehouse) as home:
        yield home


def on(day: int) -> str:
    return f"TIMESTAMP '2026-09-{day:02}' AS line_item_usage_start_date"


PLAN_FEE = f"'SavingsPlanRecurringFee' AS line_item_line_item_type, 0 AS line_item_unblended_cost, {PLAN}"
PURCHASE = f"'SavingsPlanUpfrontFee' AS line_item_line_item_type, 12 AS line_item_unblended_cost, {PLAN}, {on(1)}"
# All Upfront: a fee row of 0 each day carries what the plan costs that day, here two days of 2, the second with 1 left unused.
FIRST_DAY = f"{PLAN_FEE}, {on(1)}, 2 AS savings_plan_total_commitment_to_date, 2 AS savings_plan_used_commitment"
LAST_DAY = f"{PLAN_FEE}, {on(30)}, 2 AS savings_plan_total_commitment_to_date, 1 AS savings_plan_used_commitment"
# All Upfront: one row of 0 for the month, 31 amortised of which 1 is unused.
RESERVATION_FEE = (
    f"'RIFee' AS line_item_line_item_type, 0 AS line_item_unblended_cost, {RESERVATION}, {on(1)},"
    " 31 AS reservation_amortized_upfront_fee_for_billing_period, 1 AS reservation_unused_amortized_upfront_fee_for_billing_period"
)
FEES = (PURCHASE, FIRST_DAY, LAST_DAY, RESERVATION_FEE)


def covered(day: int, cost: float, effective_cost: int) -> str:
    kind = f"'SavingsPlanCoveredUsage' AS line_item_line_item_type, {PLAN}, {on(day)}"
    return f"{kind}, {cost} AS line_item_unblended_cost, {effective_cost} AS savings_plan_savings_plan_effective_cost"


def reserved(day: int, effective_cost: int) -> str:
    kind = f"'DiscountedUsage' AS line_item_line_item_type, {RESERVATION}, {on(day)}"
    return f"{kind}, 0 AS line_item_unblended_cost, {effective_cost} AS reservation_effective_cost"


NEGATION = f"'SavingsPlanNegation' AS line_item_line_item_type, -4.5 AS line_item_unblended_cost, {PLAN}, {on(30)}"
COVERED_BY_PLAN = (covered(1, 3, 2), covered(30, 1.5, 1), NEGATION)
COVERED = (*COVERED_BY_PLAN, reserved(30, 30))
IDENTITIES = (
    "amortisation_moves_only_upfront_payments",
    "savings_plan_effective_equals_used_commitment",
    "reservation_effective_plus_unused_equals_cost",
    "covered_usage_plus_negation_is_zero",
)


def test_all_upfront_commitments_of_a_daily_export_keep_every_identity(bills: BilledHome) -> None:
    bills.land(cur_rows("10 AS line_item_unblended_cost", *FEES, *COVERED))
    bills.reconcile()
    views = '"BilledCost", "EffectiveCost", upfront_purchases, amortised_upfront, shared_commitment_cost'
    assert bills.rows(f"SELECT {views} FROM core.month_views") == [(22, 10 + 4 + 31, 12, 4 + 31, 0)]
    assert [bills.offending(check) for check in IDENTITIES] == [[], [], [], []]


def test_a_members_own_export_has_no_fee_rows_and_is_not_called_wrong(bills: BilledHome) -> None:
    bills.land(cur_rows("10 AS line_item_unblended_cost", *COVERED))
    bills.reconcile()
    views = '"BilledCost", "EffectiveCost", upfront_purchases, amortised_upfront, shared_commitment_cost'
    assert bills.rows(f"SELECT {views} FROM core.month_views") == [(10, 10 + 3 + 30, 0, 0, 3 + 30)]
    assert [bills.offending(check) for check in IDENTITIES] == [[], [], [], []]


def test_a_month_that_is_delivered_to_its_middle_is_not_called_wrong(bills: BilledHome) -> None:
    """The reservation's fee row is for the whole month already, its usage is not."""
    bills.land(cur_rows(RESERVATION_FEE, reserved(15, 14)))
    bills.reconcile()
    assert [bills.offending(check) for check in IDENTITIES] == [[], [], [], []]


def test_a_reservation_of_dedicated_hosts_for_which_aws_states_no_amortisation_keeps_its_cash_and_is_named(bills: BilledHome) -> None:
    """AWS leaves the amortised columns of such reservations at 0: a fee of 60 would vanish from the amortised view unseen."""
    fee = f"'RIFee' AS line_item_line_item_type, 60 AS line_item_unblended_cost, {RESERVATION}, {on(1)}"
    bills.land(cur_rows(fee, reserved(30, 0)))
    bills.reconcile()
    assert bills.rows("SELECT sum(BilledCost), sum(EffectiveCost) FROM core.daily_cost") == [(60, 0)]
    [reservation] = bills.offending("reservation_effective_plus_unused_equals_cost")
    assert (reservation["commitment_cost"], reservation["used_cost"], reservation["unused_cost"]) == (60, 0, 0)
    [month] = bills.offending("amortisation_moves_only_upfront_payments")
    assert month["unexplained"] == 60


def test_covered_usage_that_is_missing_breaks_its_commitment_and_the_month(bills: BilledHome) -> None:
    bills.land(cur_rows(*FEES, *COVERED_BY_PLAN, f"'Usage' AS line_item_line_item_type, {on(30)}"))
    bills.reconcile()
    [reservation] = bills.offending("reservation_effective_plus_unused_equals_cost")
    assert (reservation["commitment_cost"], reservation["used_cost"], reservation["unused_cost"]) == (31, 0, 1)
    [month] = bills.offending("amortisation_moves_only_upfront_payments")
    assert month["unexplained"] == 30


def of_payer(row: str) -> str:
    return f"{row}, '100000000001' AS line_item_usage_account_id"


def land_payer_and_member(bills: BilledHome, *covered_in_both: str) -> None:
    """The payer's bill has the fees; the member's own export is kept for the member's account, since it has one row more."""
    bills.land(cur_rows(*(of_payer(fee) for fee in FEES), of_payer(on(30)), *covered_in_both))
    bills.land(cur_rows(*covered_in_both, f"5 AS line_item_unblended_cost, {on(30)}"), source="member-bill")
    bills.reconcile()


def test_a_fee_in_the_payers_bill_is_compared_with_what_it_covers_in_the_members_bill(bills: BilledHome) -> None:
    land_payer_and_member(bills, *COVERED)
    assert bills.rows("SELECT DISTINCT source, kept_source FROM meta.duplicate_charges") == [("org-bill", "member-bill")]
    assert [bills.offending(check) for check in IDENTITIES] == [[], [], [], []]


def test_covered_usage_that_is_missing_in_both_bills_is_named_by_the_bill_that_has_the_fee(bills: BilledHome) -> None:
    land_payer_and_member(bills, *COVERED_BY_PLAN)
    [reservation] = bills.offending("reservation_effective_plus_unused_equals_cost")
    assert (reservation["x_source"], reservation["commitment_cost"], reservation["used_cost"]) == ("org-bill", 31, 0)
    [month] = bills.offending("amortisation_moves_only_upfront_payments")
    assert (month["source"], month["unexplained"]) == ("org-bill", 30)


def test_while_the_members_bill_ends_earlier_nothing_is_called_wrong(bills: BilledHome) -> None:
    """The payer's bill has the plan's fee of the 30th already, the member's bill has no usage of that day yet."""
    so_far = (
        covered(1, 3, 2),
        "'SavingsPlanNegation' AS line_item_line_item_type, -3 AS line_item_unblended_cost, " + PLAN,
        reserved(15, 14),
    )
    bills.land(cur_rows(*(of_payer(fee) for fee in FEES), of_payer(on(30)), *so_far))
    bills.land(cur_rows(*so_far, f"5 AS line_item_unblended_cost, {on(15)}"), source="member-bill")
    bills.reconcile()
    assert [bills.offending(check) for check in IDENTITIES] == [[], [], [], []]


def test_what_a_members_focus_bill_says_of_covered_usage_counts_for_the_plan(bills: BilledHome) -> None:
    plan = "'arn:aws:savingsplans::100000000001:savingsplan/sp-1' AS CommitmentDiscountId, 'Used' AS CommitmentDiscountStatus"
    bills.land(cur_rows(*(of_payer(fee) for fee in (PURCHASE, FIRST_DAY, LAST_DAY)), of_payer(on(30)), *COVERED_BY_PLAN[:2]))
    costs = (("01", 2), ("30", 0.5), ("30", 0.5))
    days = [f"{cost} AS EffectiveCost, TIMESTAMP '2026-09-{day}' AS ChargePeriodStart" for day, cost in costs]
    rows = [f"SELECT * REPLACE (0 AS BilledCost, {day}), {plan} FROM ({FOCUS_ROW})" for day in days]
    bills.land(" UNION ALL ".join(rows), source="focus-bill")
    bills.reconcile()
    assert bills.rows("SELECT DISTINCT source, kept_source FROM meta.duplicate_charges") == [("org-bill", "focus-bill")]
    assert [bills.offending(check) for check in IDENTITIES] == [[], [], [], []]
