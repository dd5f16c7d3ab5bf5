"""What the report says of change: the bridge adds up, what was fixed is told from what is only lost, and savings are beside predictions."""

import re
from decimal import Decimal

import pytest

from costsieve.contracts.nights import NIGHTS
from costsieve.reports.render_html import render_html
from costsieve.reports.render_markdown import render_markdown
from costsieve.reports.report import CurrencyReport
from costsieve.reports.report_history import Changes, RealizedFinding, RealizedRule
from costsieve.reports.summary import read_report
from tests.reports import sample_night as sample


@pytest.fixture
def dollars() -> CurrencyReport:
    return sample.sample_report().currencies[0]


@pytest.fixture
def changes(dollars: CurrencyReport) -> Changes:
    assert dollars.changes is not None
    return dollars.changes


def words_of(page: str) -> str:
    """The text that a reader sees, on one line."""
    body = re.sub(r"</?span[^>]*>", "", page[page.index("<body>") :])
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


# Since the last night.


def test_the_bridge_leads_from_the_findings_of_the_last_night_to_those_of_this_one(changes: Changes) -> None:
    assert (changes.then.finding_count, changes.then.savings) == (3, Decimal("990.00"))
    assert (changes.now.finding_count, changes.now.savings) == (6, Decimal("1224.00"))
    assert changes.then.savings + sum(step.difference for step in changes.steps) == changes.now.savings


def test_the_steps_of_the_bridge_come_before_those_that_went(changes: Changes) -> None:
    assert [(step.change, step.reason, step.finding_count, step.difference) for step in changes.steps] == [
        ("new", "new_resource", 5, Decimal("264.00")),
        ("gone", "resource_deleted", 1, Decimal("-15.00")),
        ("gone", "metric_lost", 1, Decimal("-15.00")),
    ]


def test_new_findings_are_those_the_night_before_did_not_have(changes: Changes) -> None:
    assert {finding.finding_id[0] for finding in changes.new} == {"b", "c", "d", "1", "2"}


def test_a_finding_that_can_no_longer_be_judged_is_not_fixed(changes: Changes) -> None:
    assert [finding.resource_name for finding in changes.fixed] == ["old-worker"]
    assert [(finding.resource_name, finding.reason, finding.detail) for finding in changes.lost] == [
        ("mystery-1", "metric_lost", "no_metric")
    ]


def test_the_page_shows_the_bridge_and_what_happened() -> None:
    shown = words_of(render_html(sample.sample_report()))

    assert "Night of 30 September 2026 3 $990.00" in shown
    assert "Gone resource deleted 1 \u2212$15.00" in shown
    assert "This night 6 $1,224.00" in shown
    assert "old-worker idle VM Gone: resource deleted the inventory lists it no more \u2212$15.00" in shown


def test_markdown_has_the_same_bridge() -> None:
    document = render_markdown(sample.sample_report())

    assert "| Night of 30 September 2026 | 3 | \\$990.00 |" in document
    assert "| Gone: resource deleted | 1 | \u2212\\$15.00 |" in document
    assert "| **This night** | **6** | **\\$1,224.00** |" in document


def test_a_night_without_a_change_says_so() -> None:
    connection = sample.empty_night()
    sample.add_charges(connection)
    sample.insert(connection, NIGHTS, sample.published(sample.PREVIOUS))

    report = read_report(connection, sample.AS_OF)

    assert "No finding changed since the night of 30 September 2026." in words_of(render_html(report))
    assert "No finding changed since the night of 30 September 2026." in render_markdown(report)


# Saved so far.


def test_every_rule_has_what_was_predicted_beside_what_was_saved(dollars: CurrencyReport) -> None:
    told = [
        (rule.rule_id, len(rule.findings), rule.measured_count, rule.predicted, rule.realized, rule.ratio)
        for rule in dollars.realized.rules
    ]

    assert told == [
        ("overprovisioned_vm", 1, 1, Decimal("100.00"), Decimal("90.00"), Decimal("0.9")),
        ("idle_vm", 1, 0, Decimal("0.00"), Decimal("0.00"), None),
    ]


def test_what_is_not_measured_yet_is_unknown_and_says_why(dollars: CurrencyReport) -> None:
    unknown = next(each for each in dollars.realized.findings if each.rule_id == "idle_vm")

    assert (unknown.realized_savings, unknown.unmeasured_reason) == (None, "no_cost_before")


def test_the_ratio_compares_only_findings_with_a_prediction(dollars: CurrencyReport) -> None:
    (measured,) = dollars.realized.rules[0].findings
    unpredicted = RealizedFinding(**{**vars(measured), "predicted_savings": None, "realized_savings": Decimal("50.00")})

    rule = RealizedRule("overprovisioned_vm", "Over-provisioned VM", (measured, unpredicted))

    assert (rule.realized, rule.predicted, rule.ratio) == (Decimal("140.00"), Decimal("100.00"), Decimal("0.9"))


def test_the_page_says_what_was_saved_and_what_is_assumed() -> None:
    shown = words_of(render_html(sample.sample_report()))

    assert "All rules 2 1 $100.00 $90.00 90.0 %" in shown
    assert "22 Sep: instance type: m5.4xlarge → m5.xlarge" in shown
    assert "Had it not been changed, it would have gone on costing 12.00 USD a day." in shown
    assert "no cost before" in shown


def test_markdown_says_what_was_saved_and_what_is_assumed() -> None:
    document = render_markdown(sample.sample_report())

    assert "| **Total** | **2** | **1** | **\\$100.00** | **\\$90.00** | **90.0 %** |" in document
    assert "* batch-3, overprovisioned VM, 22 September 2026: \\$90.00. Had it not been changed" in document
    assert "* old-worker, idle VM, 1 October 2026: not known, no cost before" in document
