"""The page: one file, nothing from elsewhere, headings in order, the figures of the report."""

import json
import re
from datetime import date
from itertools import pairwise

import pytest

from costsieve.reports import render_html as module
from costsieve.reports.render_html import render_html
from costsieve.reports.summary import read_report
from tests.reports import sample_night as sample


@pytest.fixture
def page() -> str:
    return render_html(sample.sample_report())


def words_of(page: str) -> str:
    """The text that a reader sees, on one line."""
    body = page[page.index("<body>") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    assert not re.search(r"""\b(src|href|srcset|action)\s*=\s*["'](?!#)""", page)
    assert "url(" not in page
    assert "@import" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_scripts_are_forbidden_by_the_page_itself(page: str) -> None:
    assert "default-src 'none'" in page
    assert "<script" not in page


def test_headings_never_skip_a_level(page: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]

    assert levels[0] == 1
    assert all(next_level <= level + 1 for level, next_level in pairwise(levels))


def test_every_column_of_every_table_has_a_header_with_a_scope(page: str) -> None:
    assert not re.search(r"<th(?![^>]*scope=)(?=[ >])", page)


def test_pictures_have_a_description_in_words(page: str) -> None:
    plots = re.findall(r'<div class="plot"[^>]*>', page)

    assert plots
    assert all('role="img"' in plot and "aria-label=" in plot for plot in plots)


def test_the_outline_of_a_week_is_drawn_whole() -> None:
    connection = sample.sample_night()
    hours = [100 + hour / 7 for hour in range(168)]
    profile = {"hourly_profile": {"commitment": 0.5, "before_cleanup": hours, "after_cleanup": hours}}
    connection.execute(
        "UPDATE results.recommendations SET details = $details WHERE recommendation_id = 'plan-1'", {"details": json.dumps(profile)}
    )

    outlines = re.findall(r' d="([^"]*)"', render_html(read_report(connection, sample.AS_OF)))

    assert [outline.count("V") for outline in outlines] == [169, 169]
    assert all(re.fullmatch(r"M0 100(V[\d.]+H[\d.]+)+V100Z", outline) for outline in outlines)


def test_the_first_screen_says_what_was_spent_and_what_can_be_saved(page: str) -> None:
    shown = words_of(page)

    assert "$1,824.05 of usage in 30 days. $1,260.00 a month of it can be saved." in shown
    assert "80.3 %" in shown
    assert "2 of 3" in shown


def test_an_item_shows_evidence_command_and_how_to_have_it_explained(page: str) -> None:
    shown = words_of(page)

    assert "CPU maximum2.1 %" in shown.replace("> <", "")
    assert "aws ec2 stop-instances --region=us-east-1 --instance-ids=i-trainer07" in shown
    assert "costsieve explain aaaaaaaaaaaa" in shown
    assert "Remove the aws_instance resource whose id is i-trainer07." in shown
    assert "resource: aws.ec2" in shown


def test_findings_without_known_savings_stand_apart_with_what_their_resources_cost_once(page: str) -> None:
    shown = words_of(page)

    assert "2 more findings without known savings, on resources that cost $200.00" in shown
    assert "datasets: bucket_without_rules" in shown
    assert "Cost of these resources a month, each counted once" in shown


def test_hung_jobs_commitments_storage_and_exceptions_have_their_place(page: str) -> None:
    shown = words_of(page)

    for expected in ("run-42", "$812.50", "Compute Savings Plan", "GLACIER_IR after 90 days", "jump host, reviewed by security", "3.0 TiB"):
        assert expected in shown


def test_the_first_night_says_so() -> None:
    connection = sample.empty_night()
    sample.add_charges(connection)

    assert "This is the first night" in words_of(render_html(read_report(connection, sample.AS_OF)))


def test_a_night_without_findings_says_how_much_that_is_worth() -> None:
    connection = sample.empty_night()
    sample.add_charges(connection)

    assert "Nothing to save was found in the 0.0 % of usage that could be evaluated." in words_of(
        render_html(read_report(connection, sample.AS_OF))
    )


def test_a_night_without_bills_says_what_to_do() -> None:
    shown = words_of(render_html(read_report(sample.empty_night(), sample.AS_OF)))

    assert "No bill has been loaded yet" in shown
    assert "costsieve doctor" in shown


def test_steps_beyond_the_page_are_summed_not_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = module._environment()  # noqa: SLF001 - the limit is a constant of the page
    monkeypatch.setitem(environment.globals, "STEPS_SHOWN", 1)

    shown = words_of(render_html(sample.sample_report()))

    assert "3 further steps, $300.00 a month, in savings.csv." in shown


def test_two_currencies_have_a_section_each_with_links_of_their_own() -> None:
    connection = sample.sample_night()
    sample.add_charges(connection, first_day=date(2026, 9, 30), currency="EUR")

    page = render_html(read_report(connection, sample.AS_OF))

    assert 'href="#plan-EUR"' in page
    assert 'id="plan-EUR"' in page
    assert page.index('id="plan-USD"') < page.index('id="plan-EUR"')
