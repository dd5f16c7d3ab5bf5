"""Names and tags are text in every format, whatever they contain: no markup, no link, no formula, nothing hidden."""

import csv
import io
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser

import pytest

from costsieve.contracts import history, realized, results
from costsieve.contracts import quality as quality_contracts
from costsieve.contracts.nights import NIGHTS
from costsieve.contracts.roll_ups import DAILY_COST
from costsieve.reports.csv_cells import cell
from costsieve.reports.markdown_text import code, code_block, text
from costsieve.reports.render_html import render_html
from costsieve.reports.render_markdown import render_markdown
from costsieve.reports.summary import read_report
from costsieve.reports.visible_text import shortened, visible
from costsieve.reports.write_tables import (
    allocation_csv,
    changes_csv,
    evaluations_csv,
    findings_csv,
    realized_csv,
    reconciliation_csv,
    report_json,
    savings_csv,
    untagged_csv,
)
from costsieve.warehouse import Connection
from tests.reports import sample_bills as bills
from tests.reports import sample_night as sample

HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("https://evil.example","x")',
    "a|b",
    "[x](javascript:alert(1))",
    "two\nlines",
    'it\'s "quoted"',
    "invoice\u202egpj.exe",
    "`tick`",
    "http://evil.example/x",
)


def hostile_night(name: str) -> Connection:
    """A night in which every free text is ``name``."""
    connection = sample.empty_night()
    free = {"resource_name": name, "owner": name, "team": name, "region": name, "service": name, "resource_id": name}
    unnamed = {key: value for key, value in free.items() if key != "resource_name"}
    evidence = json.dumps({"note": name, name: 1})
    sample.insert(connection, results.FINDINGS, sample.finding("aaaaaaaaaaaa", **free, confidence_reason=name, evidence=evidence))
    sample.insert(connection, results.PLAN, sample.step(1, "1.00", title=name, finding_id="aaaaaaaaaaaa", **unnamed))
    sample.insert(connection, results.EVALUATIONS, sample.evaluation(name, "excepted", "1.00", reason=name, resource_name=name))
    check = {"as_of": sample.AS_OF, "table_name": name, "check_name": name, "severity": "warning", "is_passed": False, "observed": name}
    sample.insert(connection, quality_contracts.CHECKS, {**check, "title": name, "remedy": name})
    tags = {"x_team": name, "x_project": name, "x_environment": name, "x_owner": name, "x_cost_center": name}
    sample.insert(
        connection,
        DAILY_COST,
        sample.charge(sample.PREVIOUS, "1.00", **tags),
        sample.charge(sample.PREVIOUS, "1.00", ServiceName=name),
    )
    sample.add_allocation(connection)
    sample.insert(
        connection, quality_contracts.RECONCILIATION, bills.compared(name, name, 1, "1.00", billing_month=name, difference=Decimal(1))
    )
    sample.insert(
        connection, quality_contracts.INVOICES, {**bills.invoice(2, name, "1.00", "1.00"), "invoice_id": name, "billing_account_id": name}
    )
    bills.add_failed_source(connection, name)
    bills.add_quarantine(connection, source=name, period=name, reason=name)
    plan = {**sample.savings_plan(), "title": name, "assumptions": json.dumps([name]), "details": json.dumps({name: name}), "command": name}
    sample.insert(connection, results.RECOMMENDATIONS, plan)
    add_history(connection, {"resource_name": name, "resource_id": name, "detail": name, "rule_id": name})
    return connection


def add_history(connection: Connection, hostile: dict[str, str]) -> None:
    """A change and a saving whose texts are hostile."""
    sample.insert(connection, NIGHTS, sample.published(sample.PREVIOUS))
    acted = sample.resized()
    change = {
        "previous_night": sample.PREVIOUS,
        "change": "gone",
        "difference": Decimal("-1.00"),
        "previous_monthly_savings": Decimal("1.00"),
    }
    shared = {name: acted[name] for name in ("as_of", "finding_id", "provider", "action", "currency", "reason")}
    sample.insert(connection, history.FINDING_CHANGES, {**shared, **change, **hostile})
    sample.insert(connection, realized.REALIZED_SAVINGS, {**acted, **hostile, "counterfactual": hostile["detail"]})


@dataclass(frozen=True)
class Outputs:
    """The night of one hostile name in every format."""

    html: str
    markdown: str
    json: str
    tables: tuple[str, ...]


@cache
def outputs(name: str) -> Outputs:
    with hostile_night(name) as connection:
        report = read_report(connection, sample.AS_OF)
        tables = (findings_csv, evaluations_csv, allocation_csv, untagged_csv, changes_csv, realized_csv)
        written = (table(connection, sample.AS_OF) for table in tables)
        files = (savings_csv(report), reconciliation_csv(connection), *written)
        return Outputs(render_html(report), render_markdown(report), report_json(report), files)


class Elements(HTMLParser):
    """Collects the tags and the addresses of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "action", "xlink:href", "srcset"}]


@pytest.mark.parametrize("name", HOSTILE)
def test_html_shows_hostile_text_without_obeying_it(name: str) -> None:
    elements = Elements()
    page = outputs(name).html
    elements.feed(page)

    assert "script" not in elements.tags
    assert all(address.startswith("#") for address in elements.addresses)
    assert "\u202e" not in page


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_shows_hostile_text_without_obeying_it(name: str) -> None:
    prose = re.sub(r"^(`{3,})\n.*?^\1$", "", outputs(name).markdown, flags=re.MULTILINE | re.DOTALL)

    assert not re.search(r"(?<!\\)(<script|\[x\])|a(?<!\\)\|b|http://|\u202e", prose)


def test_a_table_row_of_markdown_keeps_its_number_of_cells() -> None:
    document = outputs("a|b").markdown
    rows = [line.replace("\\|", "") for line in document.splitlines() if line.startswith("| 1 |")]

    assert [row.count("|") for row in rows] == [7]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_cell_of_a_csv_file_starts_like_a_formula(name: str) -> None:
    cells = [found for content in outputs(name).tables for line in csv.reader(io.StringIO(content)) for found in line]

    assert not [found for found in cells if found.startswith(("=", "+", "@", "\t", "\r"))]
    assert not [found for found in cells if "\n" in found or "\u202e" in found]


@pytest.mark.parametrize("name", HOSTILE)
def test_json_keeps_the_text_and_is_plain_ascii(name: str) -> None:
    content = outputs(name).json

    assert content.isascii()
    assert json.loads(content)["currencies"][0]["plan"][0]["title"] == name


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_text_that_starts_like_a_formula_gets_an_apostrophe(formula: str) -> None:
    assert str(cell(formula)).startswith("'")


@pytest.mark.parametrize(("amount", "digits"), [("-5.00", "-5.00"), ("0E-12", "0.000000000000"), ("1E+3", "1000")])
def test_an_amount_is_written_in_digits(amount: str, digits: str) -> None:
    assert cell(Decimal(amount)) == digits


def test_invisible_characters_are_written_out() -> None:
    assert visible("a\u202eb\u200bc\x00") == "a\\u202eb\\u200bc\\u0000"


def test_a_tag_of_ten_kilobytes_is_cut_where_it_is_shown_and_whole_in_the_data() -> None:
    tag = "<b>" + "x" * 10_240
    found = outputs(tag)

    assert "(10,243 characters)" in found.html
    assert "x" * 601 not in re.sub(r"<pre>.*?</pre>|<style>.*?</style>", "", found.html, flags=re.DOTALL)
    assert json.loads(found.json)["currencies"][0]["allocation"]["dimensions"][0]["values"][0]["value"] == tag
    assert any(tag in table for table in found.tables)


def test_text_is_cut_at_its_limit_and_says_how_long_it_is() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdefg", 6) == "abcdef\u2026 (7 characters)"


def test_letters_of_any_script_stay_as_they_are() -> None:
    assert visible("données 東京 مرحبا é") == "données 東京 مرحبا é"


def test_a_markdown_heading_list_or_link_cannot_be_smuggled_in() -> None:
    assert [text(value) for value in ("# x", "- x", "1. x", "www.a.b", "a@b.c")] == [
        "\\# x",
        "\\- x",
        "1\\. x",
        "www&#46;a.b",
        "a&#64;b.c",
    ]


def test_a_code_fence_is_longer_than_any_run_of_backticks_inside() -> None:
    assert code("a``b") == "```a``b```"
    assert code_block("```\nrm")[0] == "````"
