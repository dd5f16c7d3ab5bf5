"""From hourly usage to a commitment per bill: what is counted, what clean-up changes, and why there may be none."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from costsieve.recommendations.commitments.flexible_cud import FLEXIBLE_CUD
from costsieve.recommendations.commitments.product import Product
from costsieve.recommendations.commitments.recommend import recommend
from costsieve.recommendations.commitments.savings_plan import COMPUTE_SAVINGS_PLAN
from costsieve.recommendations.recommendation import Answer, Recommendation
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, query
from tests.recommendations.conftest import insert

AS_OF = date(2026, 10, 1)
PAYER = "100000000001"
NOTHING_ENDED = {"provider": pl.String, "account_id": pl.String, "resource_id": pl.String, "currency": pl.String}
FIRST_DAY = date(2026, 7, 3)

AWS_ROW = {
    "ProviderName": "AWS",
    "BillingAccountId": PAYER,
    "SubAccountId": "100000000002",
    "BillingCurrency": "USD",
    "ServiceName": "AmazonEC2",
    "ChargeCategory": "Usage",
    "PricingCategory": "Standard",
    "x_pool": "usage",
    "x_operation": "RunInstances",
    "x_usage_type": "BoxUsage:m5.large",
}
GCP_ROW = {
    **AWS_ROW,
    "ProviderName": "GCP",
    "BillingAccountId": "01D3M0-C0575E-15E7E5",
    "ServiceName": "Compute Engine",
    "x_operation": "CF4E-A0C7-E3BF",
    "x_usage_type": "E2 Instance Core running in Americas",
}


def hours(first: date = FIRST_DAY, last: date = date(2026, 9, 30), of_day: Iterable[int] = range(24)) -> list[datetime]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [datetime(day.year, day.month, day.day, hour) for day in days for hour in of_day]  # noqa: DTZ001 - UTC without a zone


def charged(connection: Connection, cost: float, when: list[datetime], **changes: object) -> None:
    """Usage of one dollar amount in each of the hours, at the same price by every measure."""
    amount = Decimal(str(cost))
    measures = dict.fromkeys(("BilledCost", "EffectiveCost", "ContractedCost", "ListCost", "x_net_effective_cost"), amount)
    insert(connection, "core.hourly_usage", [{**AWS_ROW, **measures, "usage_hour": hour, **changes} for hour in when])


def accepted(*actions: tuple[str, str, float]) -> pl.DataFrame:
    """Planned actions: provider, resource and the share of its cost that stays."""
    rows = [
        {
            "provider": provider,
            "account_id": "100000000002",
            "resource_id": resource,
            "currency": "USD",
            "remaining_cost_share": Decimal(str(share)),
        }
        for provider, resource, share in actions
    ]
    return pl.DataFrame(rows, schema={**NOTHING_ENDED, "remaining_cost_share": pl.Decimal(18, 6)})


def answer(connection: Connection, product: Product = COMPUTE_SAVINGS_PLAN, ended: pl.DataFrame | None = None) -> Answer:
    answers = recommend(connection, product, AS_OF, accepted() if ended is None else ended)
    assert len(answers) == 1
    return answers[0]


def recommendation(connection: Connection, product: Product = COMPUTE_SAVINGS_PLAN, ended: pl.DataFrame | None = None) -> Recommendation:
    found = answer(connection, product, ended)
    assert found.recommendation is not None, found.reason
    return found.recommendation


def commitment(connection: Connection, product: Product = COMPUTE_SAVINGS_PLAN) -> float:
    return float(recommendation(connection, product).details["hourly_commitment"])


def test_steady_usage_is_committed_in_full_and_saves_27_percent(connection: Connection) -> None:
    charged(connection, 10, hours())
    found = recommendation(connection)
    assert found.details["hourly_commitment"] == 7.3
    assert float(found.monthly_savings) == pytest.approx(2.7 * 720)


def test_a_commitment_is_rounded_down_to_a_tenth_of_a_cent(connection: Connection) -> None:
    charged(connection, 1.2345, hours())
    assert commitment(connection) == 0.901


def test_the_look_back_is_eight_whole_weeks_without_the_last_three_days(connection: Connection) -> None:
    charged(connection, 10, hours())
    assert recommendation(connection).details["look_back"] == {"start": "2026-08-03", "end": "2026-09-28", "days": 56, "hours": 1344}


def test_twenty_days_of_usage_are_sized_on_two_weeks_with_low_confidence(connection: Connection) -> None:
    charged(connection, 10, hours(first=date(2026, 9, 11)))
    found = recommendation(connection)
    assert found.details["look_back"]["days"] == 14
    assert found.confidence == "low"


def test_less_than_two_weeks_of_usage_is_too_little(connection: Connection) -> None:
    charged(connection, 10, hours(first=date(2026, 9, 15)))
    assert answer(connection).reason == "the bill has less than 14 complete days of hourly usage"


def test_a_bill_that_ended_long_ago_is_sized_on_its_own_last_weeks(connection: Connection) -> None:
    charged(connection, 10, hours(last=date(2026, 8, 31)))
    assert recommendation(connection).details["look_back"]["end"] == "2026-08-29"


def test_a_daily_export_cannot_be_sized_on(connection: Connection) -> None:
    charged(connection, 240, hours(of_day=[0]))
    assert "by the day" in (answer(connection).reason or "")


def test_hours_without_usage_count(connection: Connection) -> None:
    charged(connection, 10, hours(of_day=range(17)))
    assert "less than USD 10 a month" in (answer(connection).reason or "")


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
    connection.execute(
        "CREATE VIEW raw.aws_cur AS SELECT '2026-09' AS x_period, 'SavingsPlanCoveredUsage' AS line_item_line_item_type,"
        " 'arn:plan' AS savings_plan_savings_plan_a_r_n, 'ComputeSavingsPlans' AS savings_plan_offering_type, '1yr' AS"
        f" savings_plan_purchase_term, '{payment_option}' AS savings_plan_payment_option"
    )


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


def resource_days(connection: Connection, resource: str, daily_cost: float, **changes: object) -> None:
    days = [FIRST_DAY + timedelta(days=number) for number in range(90)]
    amount = Decimal(str(daily_cost))
    rows = [{**AWS_ROW, "usage_date": day, "ResourceId": resource, "ContractedCost": amount, "ListCost": amount, **changes} for day in days]
    insert(connection, "core.daily_cost", rows)


def test_usage_that_the_plan_ends_is_not_committed_to(connection: Connection) -> None:
    charged(connection, 10, hours())
    resource_days(connection, "i-idle", 96)
    found = recommendation(connection, ended=accepted(("AWS", "i-idle", 0)))
    assert found.details["hourly_commitment"] == 4.38
    assert float(found.monthly_savings) == pytest.approx(0.27 * 6 * 720)


def test_buying_before_clean_up_locks_in_a_year_of_the_difference(connection: Connection) -> None:
    charged(connection, 10, hours())
    resource_days(connection, "i-idle", 96)
    found = recommendation(connection, ended=accepted(("AWS", "i-idle", 0)))
    assert found.monthly_savings_before_cleanup is not None
    assert float(found.monthly_savings_before_cleanup) == pytest.approx(2.7 * 720)
    assert found.details["cleanup"] == {
        "hourly_commitment_before_cleanup": 7.3,
        "hourly_commitment_after_cleanup": 4.38,
        "locked_in_by_buying_first": pytest.approx((7.3 - 4.38) * 8760),
        "monthly_savings_before_cleanup": pytest.approx(1944.0),
        "monthly_savings_if_bought_first_and_cleaned_up_later": pytest.approx((6 - 7.3) * 720),
    }


def test_a_resource_that_shrinks_keeps_its_share(connection: Connection) -> None:
    charged(connection, 10, hours())
    resource_days(connection, "i-large", 96)
    found = recommendation(connection, ended=accepted(("AWS", "i-large", 0.5)))
    assert found.details["hourly_commitment"] == 5.84


def test_clean_up_never_takes_more_than_an_hour_has(connection: Connection) -> None:
    charged(connection, 10, hours(of_day=range(12)))
    charged(connection, 10, hours(), x_usage_type="BoxUsage:c5.large")
    resource_days(connection, "i-daytime", 120)
    found = recommendation(connection, ended=accepted(("AWS", "i-daytime", 0)))
    assert found.details["eligible_on_demand_per_hour"]["after_cleanup"]["minimum"] == 10.0


def test_actions_of_another_account_change_nothing(connection: Connection) -> None:
    charged(connection, 10, hours())
    resource_days(connection, "i-idle", 96, SubAccountId="100000000003")
    assert recommendation(connection, ended=accepted(("AWS", "i-idle", 0))).details["hourly_commitment"] == 7.3


def test_savings_below_ten_dollars_a_month_are_not_worth_a_years_obligation(connection: Connection) -> None:
    charged(connection, 0.05, hours())
    assert answer(connection).reason == "after clean-up it would save less than USD 10 a month"


def test_usage_that_ended_four_weeks_ago_is_not_committed_to(connection: Connection) -> None:
    charged(connection, 10, hours(last=date(2026, 8, 31)))
    charged(connection, 1, hours(first=date(2026, 9, 1)))
    assert commitment(connection) == 0.73
    charged(connection, 9, hours(first=date(2026, 9, 1), last=date(2026, 9, 14)))
    assert "usage has shrunk" in (answer(connection).reason or "")


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


def test_a_flexible_cud_covers_e2_at_28_percent_off(connection: Connection) -> None:
    charged(connection, 10, hours(), **GCP_ROW)
    found = recommendation(connection, FLEXIBLE_CUD)
    assert found.details["hourly_commitment"] == 7.2
    assert float(found.monthly_savings) == pytest.approx(2.8 * 720)


def test_a_flexible_cud_never_pays_on_n1(connection: Connection) -> None:
    charged(connection, 10, hours(), **{**GCP_ROW, "x_usage_type": "N1 Predefined Instance Core running in Americas"})
    assert answer(connection, FLEXIBLE_CUD).reason == "no on-demand usage that it could cover; left out: N1"


def test_n1_beside_other_series_is_named_with_the_reason(connection: Connection) -> None:
    charged(connection, 10, hours(), **GCP_ROW)
    charged(connection, 4, hours(), **{**GCP_ROW, "x_usage_type": "N1 Predefined Instance Ram running in Americas"})
    found = recommendation(connection, FLEXIBLE_CUD)
    assert found.details["hourly_commitment"] == 7.2
    assert any(sentence.startswith("N1 usage (USD 5,376.00") and "sustained use" in sentence for sentence in found.assumptions)


def test_n2_usage_is_valued_after_its_sustained_use_discount(connection: Connection) -> None:
    charged(
        connection, 10, hours(), **{**GCP_ROW, "x_usage_type": "N2 Instance Core running in Americas", "ContractedCost": Decimal("8.2")}
    )
    found = recommendation(connection, FLEXIBLE_CUD)
    assert found.details["hourly_commitment"] == 7.2
    assert float(found.monthly_savings) == pytest.approx((8 - 7.2) * 720)


def test_series_cheaper_than_the_commitment_after_a_negotiated_discount_are_left_out(connection: Connection) -> None:
    charged(connection, 10, hours(), **{**GCP_ROW, "ContractedCost": Decimal(7)})
    assert answer(connection, FLEXIBLE_CUD).reason == "no on-demand usage that it could cover; left out: E2"


def test_clean_up_applies_to_gcp_projects(connection: Connection) -> None:
    charged(connection, 10, hours(), **GCP_ROW)
    resource_days(connection, "4711", 96, **GCP_ROW)
    found = recommendation(connection, FLEXIBLE_CUD, accepted(("GCP", "4711", 0)))
    assert found.details["hourly_commitment"] == 4.32


def test_the_sql_model_sizes_the_same_plan(connection: Connection) -> None:
    charged(connection, 10, hours())
    charged(connection, 6, hours(of_day=range(8, 20)), x_usage_type="BoxUsage:c5.large")
    window: dict[str, Any] = {"window_start": datetime(2026, 8, 3), "window_end": datetime(2026, 9, 28)}  # noqa: DTZ001 - UTC without a zone
    parameters = {**window, "families": ["c5", "m5"], "ratios": [0.73, 0.73], "price_of_commitment": 1.0}
    parameters |= {"billing_account_id": PAYER, "currency": "USD"}
    found = query(connection, model_sql("recommendations/one_product"), parameters).item()
    assert found == pytest.approx(commitment(connection))
