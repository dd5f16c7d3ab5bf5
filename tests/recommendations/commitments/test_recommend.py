"""From hourly usage of a payer to one Compute Savings Plan: what is counted, at which rates, and what is said about it."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from costsieve.recommendations.commitments.recommend import recommend
from costsieve.recommendations.commitments.savings_plan import COMPUTE_SAVINGS_PLAN
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, query
from tests.recommendations.commitments.bills import AS_OF, PAYER, accepted, answer, charged, commitment, hours, recommendation
from tests.recommendations.conftest import insert


def test_steady_usage_is_committed_in_full_and_saves_27_percent(connection: Connection) -> None:
    charged(connection, 10, hours())
    found = recommendation(connection)
    assert found.details["hourly_commitment"] == 7.3
    assert float(found.monthly_savings) == pytest.approx(2.7 * 720)


def test_a_commitment_is_rounded_down_to_a_tenth_of_a_cent(connection: Connection) -> None:
    charged(connection, 1.2345, hours())
    assert commitment(connection) == 0.901


def test_usage_of_eighteen_hours_a_day_is_worth_committing_to(connection: Connection) -> None:
    charged(connection, 10, hours(of_day=range(18)))
    found = recommendation(connection)
    assert found.details["hourly_commitment"] == 7.3
    assert float(found.monthly_savings) == pytest.approx((0.75 * 10 - 7.3) * 720)
    assert found.details["expected_utilization"] == 0.75


@pytest.mark.parametrize(
    "other",
    [
        {"PricingCategory": "Dynamic", "x_usage_type": "SpotUsage:m5.large"},
        {"PricingCategory": "Committed", "CommitmentDiscountId": "arn:plan"},
        {"ServiceName": "AmazonSageMaker", "x_usage_type": "Host:ml.m5.large"},
        {"x_pool": "unused_commitment", "ChargeCategory": "Purchase"},
    ],
)
def test_what_the_plan_cannot_cover_is_not_counted(connection: Connection, other: dict[str, object]) -> None:
    charged(connection, 10, hours())
    charged(connection, 5, hours(), **other)
    assert commitment(connection) == 7.3


def test_families_without_a_known_rate_are_left_out_and_named(connection: Connection) -> None:
    charged(connection, 10, hours())
    charged(connection, 30, hours(), x_usage_type="BoxUsage:p4d.24xlarge")
    found = recommendation(connection)
    assert found.details["hourly_commitment"] == 7.3
    assert any("no rate is known" in sentence and "p4d RunInstances (USD 40,320.00)" in sentence for sentence in found.assumptions)


def test_windows_has_no_known_rate_as_its_licence_is_not_discounted(connection: Connection) -> None:
    charged(connection, 10, hours(), x_operation="RunInstances:0002")
    assert answer(connection).reason == "no on-demand usage that it could cover; left out: m5"


def covered_by_plan(connection: Connection, payment_option: str) -> None:
    """A tenth of the hourly usage is covered at 60 % of its on-demand price, by a plan whose terms the delivered bill states."""
    charged(connection, 9, hours())
    charged(connection, 1, hours(), PricingCategory="Committed", CommitmentDiscountId="arn:plan", EffectiveCost=Decimal("0.6"))
    terms = {"savings_plan_offering_type": "ComputeSavingsPlans", "savings_plan_purchase_term": "1yr"}
    plan = {**terms, "savings_plan_payment_option": payment_option, "savings_plan_savings_plan_a_r_n": "arn:plan"}
    insert(connection, "raw.aws_cur", [{**plan, "x_period": "2026-09", "line_item_line_item_type": "SavingsPlanCoveredUsage"}])


def test_the_bills_own_rate_of_the_same_kind_of_plan_replaces_the_table(connection: Connection) -> None:
    covered_by_plan(connection, "No Upfront")
    found = recommendation(connection)
    assert found.details["hourly_commitment"] == 5.4
    assert found.details["rates"][0]["source"] == "covered usage in the bill"
    assert found.confidence == "high"


def test_the_rate_of_another_payment_option_tells_nothing(connection: Connection) -> None:
    covered_by_plan(connection, "All Upfront")
    found = recommendation(connection)
    assert found.details["hourly_commitment"] == 6.57
    assert found.confidence == "medium"


def test_coverage_counts_what_existing_commitments_cover(connection: Connection) -> None:
    covered_by_plan(connection, "No Upfront")
    assert recommendation(connection).details["coverage"] == {"today": 0.1, "after_cleanup_and_purchase": 1.0, "of_eligible_usage": 1.0}


def test_a_negotiated_discount_lowers_the_savings_and_not_the_commitment(connection: Connection) -> None:
    charged(connection, 10, hours(), x_net_effective_cost=Decimal(9))
    found = recommendation(connection)
    assert found.details["hourly_commitment"] == 7.3
    assert float(found.monthly_savings) == pytest.approx(0.9 * 2.7 * 720)


def test_savings_below_ten_dollars_a_month_are_not_worth_a_years_obligation(connection: Connection) -> None:
    charged(connection, 0.05, hours())
    assert answer(connection).reason == "after clean-up it would save less than USD 10 a month"


def test_currencies_are_never_added(connection: Connection) -> None:
    charged(connection, 10, hours())
    charged(connection, 20, hours(), BillingCurrency="EUR")
    answers = recommend(connection, COMPUTE_SAVINGS_PLAN, AS_OF, accepted())
    sizes = {found.recommendation.currency: found.recommendation.details["hourly_commitment"] for found in answers if found.recommendation}
    assert sizes == {"EUR": 14.6, "USD": 7.3}


def test_without_a_bill_the_reason_is_given(connection: Connection) -> None:
    assert answer(connection).reason == "no bill has hourly compute usage of AWS"


def test_the_hourly_profile_starts_on_monday(connection: Connection) -> None:
    charged(connection, 10, hours())
    monday = [hour for hour in hours() if hour.weekday() == 0 and hour.hour == 0]
    charged(connection, 10, monday, x_usage_type="BoxUsage:c5.large")
    profile = recommendation(connection).details["hourly_profile"]
    assert [profile["after_cleanup"][0], profile["after_cleanup"][1]] == [14.6, 7.3]
    assert len(profile["after_cleanup"]) == 168


def test_the_command_looks_the_offering_up_and_buys_the_commitment(connection: Connection) -> None:
    charged(connection, 10, hours())
    lines = recommendation(connection).command.splitlines()
    assert "describe-savings-plans-offerings --plan-types Compute" in lines[0]
    assert lines[1].endswith('create-savings-plan --savings-plan-offering-id "$OFFERING" --commitment 7.300')


def test_the_row_is_json_whole_cents_and_stable_by_identity(connection: Connection) -> None:
    charged(connection, 10, hours())
    found = recommendation(connection)
    row = found.row(AS_OF)
    assert row["monthly_savings"] == Decimal("1944.00")
    assert json.loads(row["details"])["hourly_commitment"] == 7.3
    assert row["recommendation_id"] == recommendation(connection).row(date(2026, 10, 2))["recommendation_id"]


def test_the_sql_model_sizes_the_same_plan(connection: Connection) -> None:
    charged(connection, 10, hours())
    charged(connection, 6, hours(of_day=range(8, 20)), x_usage_type="BoxUsage:c5.large")
    window: dict[str, Any] = {"window_start": datetime(2026, 8, 3), "window_end": datetime(2026, 9, 28)}  # noqa: DTZ001 - UTC without a zone
    parameters = {**window, "families": ["c5", "m5"], "ratios": [0.73, 0.73], "price_of_commitment": 1.0}
    parameters |= {"billing_account_id": PAYER, "currency": "USD"}
    found = query(connection, model_sql("recommendations/one_product"), parameters).item()
    assert found == pytest.approx(commitment(connection))
