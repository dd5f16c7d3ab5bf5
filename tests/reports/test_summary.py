"""The figures of a report: they add up, they agree with each other, and what is unknown stays unknown."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from costsieve.contracts import results
from costsieve.contracts.roll_ups import DAILY_COST
from costsieve.findings.evaluated_spend import record_evaluated_spend
from costsieve.reports.report import CurrencyReport
from costsieve.reports.spend import spend_change
from costsieve.reports.summary import largest_steps, read_report
from tests.reports import sample_night as sample


@pytest.fixture
def dollars() -> CurrencyReport:
    return sample.sample_report().currencies[0]


def test_usage_is_the_net_effective_cost_of_the_last_thirty_days(dollars: CurrencyReport) -> None:
    assert dollars.spend.usage_cost == sample.USAGE_COST


def test_the_bridge_leads_from_usage_to_the_total(dollars: CurrencyReport) -> None:
    bridge = {row.pool: row.net_cost for row in dollars.spend.bridge}

    assert bridge == {"usage": Decimal("1824.05"), "credit": Decimal("-30.00"), "tax": Decimal("91.20")}
    assert dollars.spend.net_total == sample.NET_TOTAL


def test_the_billed_column_of_the_bridge_adds_up_to_the_bill() -> None:
    connection = sample.sample_night()
    fee = sample.charge(date(2026, 9, 30), "0", x_pool="commitment_purchase", x_charge_type="Fee", BilledCost=Decimal("700.00"))
    sample.insert(connection, DAILY_COST, fee)

    spend = read_report(connection, sample.AS_OF).currencies[0].spend

    assert (spend.net_total, spend.billed_total) == (sample.NET_TOTAL, sample.NET_TOTAL + 700)


def test_thirds_of_a_cent_still_add_up() -> None:
    connection = sample.empty_night()
    day = date(2026, 9, 30)
    pools = ("usage", "credit", "tax", "support")
    charges = [sample.charge(day, "10.003333333333", x_pool=pool, ServiceName=f"service-{pool}") for pool in pools]
    sample.insert(connection, DAILY_COST, *charges)

    spend = read_report(connection, sample.AS_OF).currencies[0].spend

    assert spend.net_total == Decimal("40.01")
    assert spend.bridge[0].net_cost == spend.usage_cost == Decimal("10.00")


def test_a_bill_that_lags_is_reported_on_its_own_last_thirty_days() -> None:
    # The night of 3 October: the bill ends on 30 September, as the savings do that are worked out from it.
    connection = sample.empty_night()
    night = sample.AS_OF + timedelta(days=2)
    sample.add_charges(connection, first_day=sample.AS_OF - timedelta(days=60))
    sample.add_resource_month(connection, end=sample.AS_OF)
    record_evaluated_spend(connection, night)

    report = read_report(connection, night).currencies[0]

    assert (report.spend.days_charged, report.spend.cost_before) == (30, report.spend.usage_cost)
    assert (report.spend.month_to_date.start, report.spend.month_to_date.end) == (date(2026, 9, 1), sample.AS_OF)
    assert report.coverage.cost == report.spend.usage_cost == Decimal("5472.15")


def test_a_bill_that_always_lags_does_not_look_like_a_fall_in_spend() -> None:
    connection = sample.empty_night()
    sample.add_charges(connection, first_day=sample.AS_OF - timedelta(days=60))
    sample.add_resource_month(connection, end=sample.AS_OF)

    assert spend_change(connection, sample.AS_OF + timedelta(days=2), sample.AS_OF + timedelta(days=1)) == {"USD": 0}


def test_the_days_of_each_month_add_up_to_its_usage() -> None:
    connection = sample.empty_night()
    days = [sample.AS_OF - timedelta(days=number) for number in range(1, 61)]
    charges = [sample.charge(day, "10.003333333333", ServiceName=f"service-{number}") for day in days for number in range(2)]
    sample.insert(connection, DAILY_COST, *charges)

    spend = read_report(connection, sample.AS_OF).currencies[0].spend

    assert [day.day for day in spend.days] == sorted(days)
    assert sum(sum(day.costs) for day in spend.days[30:]) == spend.usage_cost == Decimal("600.20")
    assert sum(sum(day.costs) for day in spend.days[:30]) == spend.cost_before


def test_services_add_up_to_the_same_usage(dollars: CurrencyReport) -> None:
    assert sum(service.cost for service in dollars.coverage.services) == sample.USAGE_COST


def test_the_plan_keeps_its_order_and_its_net_savings(dollars: CurrencyReport) -> None:
    assert [(step.step, step.net_savings) for step in dollars.plan] == [
        (1, Decimal("960.00")),
        (2, Decimal("24.00")),
        (3, Decimal("240.00")),
        (4, Decimal("36.00")),
    ]
    assert dollars.net_savings == sample.NET_SAVINGS


def test_a_step_carries_the_advice_of_its_rule(dollars: CurrencyReport) -> None:
    advice = {step.rule_id: step.remedy for step in dollars.plan}

    assert advice["unattached_volume"] == "Take a snapshot if the data may be needed, then delete the volume."
    assert advice[None] is None


def test_the_share_of_savings_is_of_usage_not_of_the_invoice(dollars: CurrencyReport) -> None:
    assert dollars.savings_share == sample.NET_SAVINGS / sample.USAGE_COST


def test_accrued_cost_of_hung_jobs_is_in_no_monthly_total(dollars: CurrencyReport) -> None:
    assert [job.accrued_cost for job in dollars.hung_jobs] == [Decimal("812.50")]
    assert dollars.net_savings == sample.NET_SAVINGS


def test_every_dollar_of_usage_has_one_verdict(dollars: CurrencyReport) -> None:
    assert {row.verdict: row.cost for row in dollars.coverage.verdicts} == {
        "evaluated": Decimal("1464.00"),
        "excepted": Decimal("50.00"),
        "no_metric": Decimal("100.00"),
        "no_rule": Decimal("200.00"),
        "no_resource": Decimal("10.05"),
    }
    assert dollars.coverage.cost == sample.USAGE_COST


def test_a_resource_that_one_rule_judged_is_evaluated_even_if_another_could_not(dollars: CurrencyReport) -> None:
    assert [row.resource_id for row in dollars.coverage.unjudged] == ["i-mystery1"]


def test_exceptions_say_what_they_hide(dollars: CurrencyReport) -> None:
    (hidden,) = dollars.exceptions

    assert (hidden.resource_name, hidden.reason, hidden.hidden_savings) == ("bastion", "jump host, reviewed by security", Decimal("50.00"))


def test_deltas_compare_with_the_night_before(dollars: CurrencyReport) -> None:
    assert dollars.changes is not None
    assert dollars.changes.savings_delta == Decimal("270.00")
    assert dollars.changes.spend_delta == Decimal("182.41")


def test_there_is_no_comparison_where_the_bill_does_not_reach_back(dollars: CurrencyReport) -> None:
    assert dollars.spend.cost_before is None
    assert dollars.spend.days_charged == 10


def test_sixty_days_of_bill_are_compared() -> None:
    connection = sample.empty_night()
    sample.add_charges(connection, first_day=sample.AS_OF - timedelta(days=60))

    spend = read_report(connection, sample.AS_OF).currencies[0].spend

    assert spend.cost_before == spend.usage_cost == Decimal("5472.15")


def test_on_the_first_of_a_month_the_month_to_date_is_the_whole_month_before(dollars: CurrencyReport) -> None:
    assert dollars.spend.month_to_date.start == date(2026, 9, 1)


def test_the_first_night_has_nothing_to_compare_with() -> None:
    connection = sample.empty_night()
    sample.add_charges(connection)

    assert read_report(connection, sample.AS_OF).currencies[0].changes is None


def test_an_empty_night_is_an_empty_report() -> None:
    report = read_report(sample.empty_night(), sample.AS_OF)

    assert (report.currencies, report.checks, report.previous_as_of) == ((), (), None)


def test_currencies_stay_apart_and_the_leading_one_comes_first() -> None:
    connection = sample.sample_night()
    sample.add_charges(connection, first_day=date(2026, 9, 30), currency="EUR")

    report = read_report(connection, sample.AS_OF, "EUR")

    assert [(section.currency, section.spend.usage_cost) for section in report.currencies] == [
        ("EUR", Decimal("182.40")),
        ("USD", sample.USAGE_COST),
    ]


def test_a_plan_in_a_currency_without_charges_is_still_shown() -> None:
    connection = sample.empty_night()
    sample.insert(connection, results.PLAN, sample.step(1, "5.00", currency="CHF"))

    (section,) = read_report(connection, sample.AS_OF).currencies

    assert (section.currency, section.net_savings, section.savings_share) == ("CHF", Decimal("5.00"), None)


def test_the_largest_steps_are_ranked_by_net_savings() -> None:
    steps = largest_steps(sample.sample_night(), sample.AS_OF, 2)

    assert [step.net_savings for step in steps] == [Decimal("960.00"), Decimal("240.00")]


def test_a_rule_about_tags_or_traffic_evaluates_no_spend() -> None:
    with sample.empty_night() as connection:
        sample.add_charges(connection)
        sample.insert(connection, results.EVALUATIONS, sample.evaluation("i-mystery", "clean", "100.00", rule_id="untagged_spend"))

        [section] = read_report(connection, sample.AS_OF).currencies

    assert section.coverage.evaluated_cost == 0
