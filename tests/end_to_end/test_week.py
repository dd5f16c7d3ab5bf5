"""A week of one small company: bills that are restated, halved, unreadable, delivered twice or not at all, and what nights make of it.

Every night runs once, in the order of tests.end_to_end.week; tests look at what it said and at a copy of what stood published after it.
All tests are functions of one module, because a home shared over several workers would be made by each of them.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.bills import HOSTILE_TAG
from tests.end_to_end.html_page import HtmlPage
from tests.end_to_end.week import Week, run_week

pytestmark = pytest.mark.slow

AUGUST, SEPTEMBER = Decimal(31 * 3), Decimal(30 * 3)
FIRST = {"payer": AUGUST + SEPTEMBER, "google": Decimal(75), "azure": Decimal(120)}
RESTATED = FIRST | {"payer": AUGUST + SEPTEMBER + Decimal("4.25") - Decimal("3.10")}


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    return run_week(tmp_path_factory.mktemp("week"))


def said(text: str) -> str:
    """What was said, without the line ends of a terminal."""
    return " ".join(text.split())


def first_screen(week: Week, as_of: str) -> str:
    """The report up to the plan."""
    return week.installed.report(as_of).partition("### ")[0]


# The first night: two exports of one account, an invoice, a hostile tag.


def test_the_first_night_publishes(week: Week) -> None:
    assert week.nights["first"].exit_code == 0, week.nights["first"].errors
    assert week.totals("first") == FIRST


def test_the_members_export_is_not_added_to_the_payers(week: Week) -> None:
    left_out = "SELECT source, kept_source, row_count, billed_cost FROM meta.duplicate_charges"

    assert week.nights["first"].rows(left_out) == [("member", "payer", 30, 60)]


def test_an_account_that_is_delivered_twice_is_told(week: Week) -> None:
    assert "Every account and month is delivered by one source" in week.nights["first"].output
    assert "member delivers what payer delivers too" in first_screen(week, "2026-10-01")


def test_an_invoice_that_agrees_passes_and_is_told(week: Week) -> None:
    assert week.nights["first"].rows("SELECT invoice_cost, billed_cost, difference FROM quality.invoices") == [(93, 93, 0)]
    assert "1 of 1 given invoice compared" in first_screen(week, "2026-10-01")


@pytest.mark.parametrize("source", ["payer", "google"])
def test_a_hostile_tag_of_ten_kilobytes_is_in_the_data_whole(week: Week, source: str) -> None:
    tags = f"SELECT DISTINCT x_team FROM core.daily_cost WHERE x_source = '{source}' AND x_team IS NOT NULL"

    assert week.nights["first"].value(tags) == HOSTILE_TAG


def test_a_hostile_tag_leaves_the_html_report_whole_and_is_escaped(week: Week) -> None:
    page = HtmlPage(week.installed.report("2026-10-01", "report.html"))

    assert page.unclosed == []
    assert "script" not in page.elements
    assert "team'; <script>alert(1)</script> & </title>" in page.text
    assert "x" * 1000 not in page.text


@pytest.mark.parametrize("file", ["report.html", "report.md", "report.json", "allocation.csv"])
def test_control_characters_of_a_tag_reach_no_report(week: Week, file: str) -> None:
    assert not {"\x01", "\x1b", "\u202e"} & set(week.installed.report("2026-10-01", file))


def test_the_json_report_holds_a_hostile_tag_whole(week: Week) -> None:
    assert HOSTILE_TAG in strings(json.loads(week.installed.report("2026-10-01", "report.json")))


# September is restated, and Google's export cannot be read.


def test_late_rows_and_a_credit_are_in_the_totals_of_the_next_night(week: Week) -> None:
    assert week.totals("restated") == RESTATED


def test_only_the_month_that_was_delivered_again_is_loaded(week: Week) -> None:
    loads = "SELECT source, period, version FROM meta.loads WHERE is_current"

    changed = set(week.nights["restated"].rows(loads)) - set(week.nights["first"].rows(loads))

    assert changed == {("payer", "2026-09", "september-2")}
    assert week.nights["restated"].value("SELECT loads_changed FROM meta.nights ORDER BY as_of DESC LIMIT 1") == 1


def test_only_the_month_that_was_delivered_again_is_rolled_up(week: Week) -> None:
    assert "payer 2026-08" in week.rolled_up["first"]
    assert week.rolled_up["restated"] == "payer 2026-09"


def test_the_bridge_of_the_restatement_adds_up(week: Week) -> None:
    answer = week.installed.run("restated", "--since", "2026-10-01", "--format", "json")
    changes = {row["reason"]: Decimal(row["billed_change"]) for row in json.loads(answer.stdout)}

    assert changes == {"late_rows": Decimal("4.25"), "credit_or_refund": Decimal("-3.10")}
    assert sum(changes.values()) == RESTATED["payer"] - FIRST["payer"]


def test_the_bridge_is_printed_from_what_was_known_to_what_is_known(week: Week) -> None:
    printed = [said(line) for line in week.installed.run("restated", "--since", "2026-10-01").stdout.splitlines()]

    assert [line for line in printed if line.startswith("USD ")][:4] == [
        "USD known on 2026-10-01 258.00 258.00",
        "USD line items that were delivered after the night 4.25 4.25",
        "USD credits, promotions and refunds -3.10 -3.10",
        "USD known on 2026-10-03 259.15 259.15",
    ]


def test_the_report_of_a_restated_month_says_what_changed(week: Week) -> None:
    assert "Past days changed since the night of 1 October 2026" in first_screen(week, "2026-10-02")
    assert r"| **Known now** | **\$259.15** | **\$259.15** |" in week.installed.report("2026-10-02")


def test_a_source_that_cannot_be_read_leaves_the_others_going(week: Week) -> None:
    reads = week.nights["restated"].rows("SELECT source, outcome FROM meta.source_reads WHERE as_of = DATE '2026-10-02'")

    assert week.nights["restated"].exit_code == 0, week.nights["restated"].errors
    assert dict(reads) == {"payer": "read", "member": "read", "azure": "read", "google": "failed"}


def test_a_source_that_cannot_be_read_is_told_with_the_file_and_how_far_its_data_go(week: Week) -> None:
    told = said(week.nights["restated"].output)

    assert "google could not be read since the night of 2026-10-02" in told
    assert "000.json is truncated, damaged or not what its name says" in told
    assert "Its data end with 2026-09-30" in told
    assert "google could not be read" in first_screen(week, "2026-10-02")


# Half of September is missing, an invoice differs by a cent, and so does a day of the third provider between bill and roll-up.


def test_a_halved_period_blocks_the_night(week: Week) -> None:
    assert week.nights["blocked"].exit_code == 3


def test_a_blocked_night_leaves_the_last_good_file_as_it_is(week: Week) -> None:
    assert week.nights["blocked"].published.read_bytes() == week.nights["restated"].published.read_bytes()
    assert "nothing was published; the last good result, of the night of 2026-10-02, stands" in said(week.nights["blocked"].errors)


def test_a_halved_period_is_named_with_both_totals_and_what_to_do(week: Week) -> None:
    told = said(week.nights["blocked"].errors)

    assert "No delivered period lost about half of its cost, or more (meta/source_reads, period_total_is_not_halved)" in told
    assert "1 offending row: source=payer, period=2026-09, currency=USD, published_cost=94.25, delivered_cost=42.00" in told
    assert "What to do: Compare the period with the provider's console" in told
    assert "hold the published version under `quarantine` in costsieve.yaml" in told


def test_an_invoice_that_differs_by_a_cent_is_named_with_both_figures_and_what_to_do(week: Week) -> None:
    told = said(week.nights["blocked"].errors)

    assert "Bills add up to the invoices that were given (quality/invoices, invoices_equal_bills)" in told
    assert "invoice_cost=93.01, billed_cost=93.00, difference=-0.01" in told
    assert "What to do: Compare the invoice with the bill" in told


def test_a_roll_up_that_differs_from_the_bill_by_a_cent_is_named_with_both_figures(week: Week) -> None:
    told = said(week.nights["blocked"].errors)

    assert "delivered_equals_core_equals_daily" in told
    assert "source=azure" in told


# The halved month is quarantined.


def test_a_quarantined_period_keeps_the_version_that_was_published_last(week: Week) -> None:
    version = "SELECT version FROM meta.loads WHERE source = 'payer' AND period = '2026-09' AND is_current"

    assert week.nights["quarantined"].exit_code == 0, week.nights["quarantined"].errors
    assert week.nights["quarantined"].value(version) == "september-2"
    assert week.totals("quarantined")["payer"] == RESTATED["payer"]


def test_a_roll_up_that_failed_its_checks_is_made_again_by_the_next_night(week: Week) -> None:
    assert week.totals("quarantined") == RESTATED


def test_a_quarantined_period_is_told_with_its_reason(week: Week) -> None:
    told = said(week.nights["quarantined"].output)
    screen = first_screen(week, "2026-10-03")

    assert "payer, 2026-09, is quarantined (half of the files are missing, ticket 4711): its last published version is used" in told
    assert "payer, September 2026, is quarantined" in screen
    assert "alf of the files are missing, ticket 4711" in screen


# A source is configured that has never delivered.


def test_a_source_that_never_delivered_fails_the_night(week: Week) -> None:
    assert week.nights["newcomer"].exit_code == 1
    assert week.nights["newcomer"].published.read_bytes() == week.nights["quarantined"].published.read_bytes()


def test_a_source_that_never_delivered_is_named_with_what_to_do(week: Week) -> None:
    told = said(week.nights["newcomer"].errors)

    assert "nothing of newcomer was ever loaded: The folder " in told
    assert "name it under `quarantine`" in told


# What the commands say afterwards.


def test_the_focus_export_adds_up_to_the_published_costs(week: Week, tmp_path: Path) -> None:
    exported = week.installed.run("export", "focus", "--output", str(tmp_path / "focus"))
    source = "CASE BillingAccountId WHEN '00077' THEN 'azure' WHEN '01D3M0-C0575E-15E7E5' THEN 'google' ELSE 'payer' END"
    totals = f"SELECT {source}, sum(BilledCost) FROM read_parquet('{tmp_path}/focus/*.parquet') GROUP BY ALL"

    assert exported.returncode == 0, exported.stderr
    assert dict(week.nights["quarantined"].rows(totals)) == RESTATED


def test_doctor_finds_every_source_readable(week: Week) -> None:
    answer = week.installed.run("doctor", "--as-of", "2026-10-03", "--format", "json")
    found = json.loads(answer.stdout)

    assert answer.returncode == 0, answer.stderr
    assert {row["source"] for row in found} == {"(home)", "payer", "member", "google", "azure"}
    assert {row["state"] for row in found if row["checked"] in ("location", "delivery")} == {"ok"}


def test_the_allocation_adds_up_to_the_published_costs(week: Week) -> None:
    rows = json.loads(week.installed.run("allocation", "--format", "json").stdout)
    totals = {currency: sum(Decimal(row["total"]) for row in rows if row["currency"] == currency) for currency in ("USD", "EUR")}

    assert totals == {"USD": RESTATED["payer"] - AUGUST + RESTATED["google"], "EUR": RESTATED["azure"]}


def strings(content: Any) -> set[str]:  # noqa: ANN401 - JSON may hold anything
    """Every text in a JSON document."""
    if isinstance(content, str):
        return {content}
    parts = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return set().union(*(strings(part) for part in parts))
