"""A week of one small company: bills that are restated, halved, unreadable, delivered twice or not at all, and what its nights make of them.

Every night runs once, in this order, on one home; tests look at what it said and at a copy of what was published after it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from tests.end_to_end import bills
from tests.end_to_end.installation import Installation, Night

pytestmark = pytest.mark.slow

CONFIGURATION = """
sources:
  - {name: payer, type: aws_cur, location: bills/payer}
  - {name: member, type: aws_cur, location: bills/member}
  - {name: google, type: gcp_billing, location: bills/google}
  - {name: azure, type: focus, location: bills/azure}
invoices: invoices.csv
"""
QUARANTINE = """
quarantine:
  - {source: payer, period: 2026-09, reason: "half of the files are missing, ticket 4711"}
"""
NEWCOMER = CONFIGURATION.replace("invoices:", "  - {name: newcomer, type: aws_cur, location: bills/newcomer}\ninvoices:")

TOTALS = "SELECT x_source, sum(BilledCost) FROM core.daily_cost GROUP BY ALL"
FIRST_TOTALS = {"payer": Decimal(31 * 3 + 30 * 3), "google": Decimal(75), "azure": Decimal(120)}
RESTATED_TOTALS = FIRST_TOTALS | {"payer": FIRST_TOTALS["payer"] + Decimal("4.25") - Decimal("3.10")}


@dataclass(frozen=True)
class Week:
    installed: Installation
    nights: Mapping[str, Night]
    rolled_up: Mapping[str, str]

    def night(self, called: str) -> Night:
        return self.nights[called]

    def totals(self, called: str) -> dict[str, Decimal]:
        return dict(self.night(called).rows(TOTALS))


class _Story:
    """Changes the deliveries and the configuration between the nights, and remembers what each night did."""

    def __init__(self, folder: Path) -> None:
        self.installed = Installation(folder)
        self.bills = folder / "bills"
        self.nights: dict[str, Night] = {}
        self.rolled_up: dict[str, str] = {}

    def night(self, called: str, as_of: str) -> None:
        self.nights[called] = self.installed.night(as_of, called)
        self.rolled_up[called] = _rolled_up(self.installed.folder / ".costsieve" / "dagster")

    def give_invoice(self, amount: str) -> None:
        header = "billing_account_id,billing_month,currency,amount"
        (self.installed.folder / "invoices.csv").write_text(f"{header}\n100000000001,2026-08,USD,{amount}\n", encoding="utf-8")

    def first_delivery(self) -> Path:
        bills.deliver_aws(self.bills / "payer", "2026-08", bills.payer_month("2026-08"), "august-1")
        bills.deliver_aws(self.bills / "payer", "2026-09", bills.payer_month("2026-09"), "september-1")
        bills.deliver_aws(self.bills / "member", "2026-09", bills.member_month("2026-09"), "september-1")
        bills.deliver_focus(self.bills / "azure")
        self.give_invoice("93.00")
        self.installed.configure(CONFIGURATION)
        return bills.deliver_google(self.bills / "google")

    def deliver_september(self, rows: bills.Rows, execution: str) -> None:
        bills.deliver_aws(self.bills / "payer", "2026-09", rows, execution)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    story = _Story(tmp_path_factory.mktemp("week"))
    google = story.first_delivery()
    delivered = google.read_bytes()
    story.night("first", "2026-10-01")
    story.night("again", "2026-10-01")

    restated = bills.payer_month("2026-09") + bills.late_rows()
    story.deliver_september(restated, "september-2")
    google.write_bytes(delivered[:-100])
    story.night("restated", "2026-10-02")

    google.write_bytes(delivered)
    story.deliver_september([row for row in restated if row["line_item_usage_start_date"].day <= 14], "september-3")
    story.give_invoice("93.01")
    story.night("blocked", "2026-10-03")

    story.give_invoice("93.00")
    story.installed.configure(CONFIGURATION + QUARANTINE)
    story.night("quarantined", "2026-10-03")

    story.installed.configure(NEWCOMER + QUARANTINE)
    story.night("newcomer", "2026-10-03")
    story.installed.configure(CONFIGURATION + QUARANTINE)
    return Week(story.installed, story.nights, story.rolled_up)


def _rolled_up(dagster_home: Path) -> str:
    """What the orchestrator shows of the latest roll-up."""
    with dg.DagsterInstance.from_config(str(dagster_home)) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["core", "daily_cost"]))
        return str(event.asset_materialization.metadata["rolled up"].value) if event and event.asset_materialization else ""


class TestFirstNight:
    def test_it_publishes(self, week: Week) -> None:
        assert week.night("first").exit_code == 0
        assert week.totals("first") == FIRST_TOTALS

    def test_the_members_export_is_not_added_to_the_payers(self, week: Week) -> None:
        left_out = "SELECT source, kept_source, row_count, billed_cost FROM meta.duplicate_charges"

        assert week.night("first").rows(left_out) == [("member", "payer", 30, 60)]

    def test_it_says_that_an_account_is_delivered_twice(self, week: Week) -> None:
        assert "Every account and month is delivered by one source" in week.night("first").output
        assert "member delivers what payer delivers too" in week.installed.report("2026-10-01")

    def test_an_invoice_that_agrees_is_said_to(self, week: Week) -> None:
        assert week.night("first").rows("SELECT invoice_cost, billed_cost, difference FROM quality.invoices") == [(93, 93, 0)]
        assert "1 of 1 given invoice compared" in week.installed.report("2026-10-01")

    @pytest.mark.parametrize("source", ["payer", "google"])
    def test_a_hostile_tag_of_ten_kilobytes_is_in_the_data_whole(self, week: Week, source: str) -> None:
        tags = f"SELECT DISTINCT x_team FROM core.daily_cost WHERE x_source = '{source}' AND x_team IS NOT NULL"

        assert week.night("first").value(tags) == bills.HOSTILE_TAG

    def test_the_cost_under_a_hostile_tag_is_allocated_whole(self, week: Week) -> None:
        owned = "SELECT sum(cost) FROM results.allocated_costs WHERE dimension = 'team' AND period = 'last_30_days' AND value = ?"

        assert week.night("first").rows(owned.replace("?", "(SELECT max(x_team) FROM core.daily_cost)")) == [(Decimal(30 + 75),)]


class TestReportOfAHostileTag:
    def test_no_element_comes_from_the_tag(self, week: Week) -> None:
        found = _Elements()
        found.feed(week.installed.report("2026-10-01", "report.html"))

        assert (found.names.count("title"), found.names.count("script")) == (1, 0)
        assert found.open == []

    def test_the_tag_is_shown_escaped_and_cut(self, week: Week) -> None:
        html = week.installed.report("2026-10-01", "report.html")

        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "x" * 1000 not in html

    @pytest.mark.parametrize("file", ["report.html", "report.md", "allocation.csv"])
    def test_no_control_character_reaches_a_file(self, week: Week, file: str) -> None:
        text = week.installed.report("2026-10-01", file)

        assert not {"\x01", "\x1b", "\u202e"} & set(text)

    def test_json_holds_the_tag_whole(self, week: Week) -> None:
        report = json.loads(week.installed.report("2026-10-01", "report.json"))

        assert bills.HOSTILE_TAG in _strings(report)


class TestNightRunAgain:
    def test_it_publishes_the_same_totals(self, week: Week) -> None:
        assert week.night("again").exit_code == 0
        assert week.totals("again") == FIRST_TOTALS

    def test_no_period_is_loaded_again(self, week: Week) -> None:
        loads = "SELECT * FROM meta.loads ORDER BY ALL"

        assert week.night("again").rows(loads) == week.night("first").rows(loads)
        assert week.night("again").value("SELECT loads_changed FROM meta.nights") == 0

    def test_no_period_is_rolled_up_again(self, week: Week) -> None:
        assert "payer 2026-09" in week.rolled_up["first"]
        assert week.rolled_up["again"] == "nothing changed"

    def test_history_is_not_written_twice(self, week: Week) -> None:
        history = "SELECT count(*) FROM meta.known_nights"

        assert week.night("again").rows(history) == week.night("first").rows(history)


class TestRestatedNight:
    def test_late_rows_and_a_credit_are_in_the_totals(self, week: Week) -> None:
        assert week.totals("restated") == RESTATED_TOTALS

    def test_only_the_month_that_was_delivered_again_is_rolled_up(self, week: Week) -> None:
        assert week.rolled_up["restated"] == "payer 2026-09"

    def test_the_bridge_adds_up(self, week: Week) -> None:
        answer = week.installed.run("restated", "--since", "2026-10-01", "--format", "json")
        changes = {row["reason"]: Decimal(row["billed_change"]) for row in json.loads(answer.stdout)}

        assert changes == {"late_rows": Decimal("4.25"), "credit_or_refund": Decimal("-3.10")}
        assert sum(changes.values()) == sum(RESTATED_TOTALS.values()) - sum(FIRST_TOTALS.values())

    def test_the_bridge_is_printed_from_what_was_known_to_what_is_known(self, week: Week) -> None:
        lines = [line.split() for line in week.installed.run("restated", "--since", "2026-10-01").stdout.splitlines()]

        assert ["USD", "known", "on", "2026-10-01", "258.00", "258.00"] in lines
        assert ["USD", "credits,", "promotions", "and", "refunds", "-3.10", "-3.10"] in lines
        assert ["USD", "line", "items", "that", "were", "delivered", "after", "the", "night", "4.25", "4.25"] in lines

    def test_the_report_says_what_changed(self, week: Week) -> None:
        report = week.installed.report("2026-10-02")

        assert "Past days changed since the night of 1 October 2026" in _first_screen(report)
        assert r"| **Known now** | **\$259.15** | **\$259.15** |" in report

    def test_a_source_that_cannot_be_read_leaves_the_others_going(self, week: Week) -> None:
        reads = dict(week.night("restated").rows("SELECT source, outcome FROM meta.source_reads WHERE as_of = DATE '2026-10-02'"))

        assert week.night("restated").exit_code == 0
        assert reads == {"payer": "read", "member": "read", "azure": "read", "google": "failed"}

    def test_the_night_and_the_first_screen_say_which_source_it_is_and_how_far_it_goes(self, week: Week) -> None:
        said = " ".join(week.night("restated").output.split())

        assert "google could not be read since the night of 2026-10-02" in said
        assert "000.json is truncated, damaged or not what its name says" in said
        assert "Its data end with 2026-09-30" in said
        assert "google could not be read" in _first_screen(week.installed.report("2026-10-02"))


class TestBlockedNight:
    def test_it_exits_3(self, week: Week) -> None:
        assert week.night("blocked").exit_code == 3

    def test_the_last_good_file_is_untouched(self, week: Week) -> None:
        assert week.night("blocked").published.read_bytes() == week.night("restated").published.read_bytes()

    def test_a_halved_period_is_named_with_what_was_published_and_delivered(self, week: Week) -> None:
        said = " ".join(week.night("blocked").errors.split())

        assert "No delivered period lost about half of its cost, or more (meta/source_reads, period_total_is_not_halved)" in said
        assert "1 offending row: source=payer, period=2026-09, currency=USD, published_cost=94.25, delivered_cost=42.00" in said

    def test_an_invoice_that_differs_by_a_cent_is_named_with_both_figures(self, week: Week) -> None:
        said = " ".join(week.night("blocked").errors.split())

        assert "Bills add up to the invoices that were given (quality/invoices, invoices_equal_bills)" in said
        assert "invoice_cost=93.01, billed_cost=93.00, difference=-0.01" in said

    def test_it_says_what_to_do_and_what_stands(self, week: Week) -> None:
        said = " ".join(week.night("blocked").errors.split())

        assert said.count("What to do: Compare") == 2
        assert "hold the published version under `quarantine` in costsieve.yaml" in said
        assert "nothing was published; the last good result, of the night of 2026-10-02, stands" in said


class TestQuarantinedPeriod:
    def test_the_night_publishes_with_the_version_of_the_last_good_night(self, week: Week) -> None:
        version = "SELECT version FROM meta.loads WHERE source = 'payer' AND period = '2026-09' AND is_current"

        assert week.night("quarantined").exit_code == 0
        assert week.night("quarantined").value(version) == "september-2"
        assert week.totals("quarantined") == RESTATED_TOTALS

    def test_the_night_and_the_first_screen_say_so(self, week: Week) -> None:
        said = " ".join(week.night("quarantined").output.split())
        screen = _first_screen(week.installed.report("2026-10-03"))

        assert "payer, 2026-09, is quarantined (half of the files are missing, ticket 4711)" in said
        assert "its last published version is used" in said
        assert "payer, September 2026, is quarantined" in screen
        assert "half of the files are missing, ticket 4711" in screen


class TestSourceThatNeverDelivered:
    def test_the_night_fails(self, week: Week) -> None:
        assert week.night("newcomer").exit_code == 1

    def test_the_source_is_named_with_what_to_do(self, week: Week) -> None:
        said = week.night("newcomer").errors

        assert "nothing of newcomer was ever loaded: No manifest was found at" in said
        assert "name it under `quarantine`" in said

    def test_the_last_good_file_is_untouched(self, week: Week) -> None:
        assert week.night("newcomer").published.read_bytes() == week.night("quarantined").published.read_bytes()


class TestCommandsAfterwards:
    def test_the_focus_export_adds_up_to_the_published_costs(self, week: Week, tmp_path: Path) -> None:
        exported = week.installed.run("export", "focus", "--output", str(tmp_path / "focus"))
        totals = f"SELECT x_source, sum(BilledCost) FROM read_parquet('{tmp_path}/focus/*.parquet') GROUP BY ALL"

        assert exported.returncode == 0, exported.stderr
        assert [path.name for path in sorted((tmp_path / "focus").iterdir())] == ["focus-2026-08.parquet", "focus-2026-09.parquet"]
        assert dict(week.night("quarantined").rows(totals.replace("x_source", _source_of_account()))) == RESTATED_TOTALS

    def test_doctor_passes_and_names_every_source(self, week: Week) -> None:
        answer = week.installed.run("doctor", "--as-of", "2026-10-03", "--format", "json")
        found = json.loads(answer.stdout)

        assert answer.returncode == 0, answer.stderr
        assert {row["source"] for row in found} == {"payer", "member", "google", "azure"}
        assert {row["state"] for row in found if row["checked"] in ("location", "delivery")} == {"ok"}

    def test_allocation_adds_up_to_the_published_costs(self, week: Week) -> None:
        answer = week.installed.run("allocation", "--format", "json")
        totals = {row["currency"]: Decimal(0) for row in json.loads(answer.stdout)}
        for row in json.loads(answer.stdout):
            totals[row["currency"]] += Decimal(row["total"])

        last_month = RESTATED_TOTALS["payer"] - 93 + RESTATED_TOTALS["google"]
        assert totals == {"EUR": RESTATED_TOTALS["azure"], "USD": last_month}


class _Elements(HTMLParser):
    """The elements of a document, and those that are still open at its end."""

    _VOID = frozenset({"meta", "link", "br", "hr", "img", "input", "col", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _first_screen(markdown: str) -> str:
    """The report up to the plan."""
    return markdown.partition("### ")[0]


def _source_of_account() -> str:
    """The sources of the exported accounts: FOCUS has no column for them."""
    return "CASE BillingAccountId WHEN '00077' THEN 'azure' WHEN '01D3M0-C0575E-15E7E5' THEN 'google' ELSE 'payer' END"


def _strings(content: Any) -> set[str]:  # noqa: ANN401 - JSON may hold anything
    if isinstance(content, str):
        return {content}
    parts = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return set().union(*(_strings(part) for part in parts))
