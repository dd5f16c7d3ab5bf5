"""The page about the bills: notices, whose cost it is, past days, invoices and checks."""

from decimal import Decimal

import pytest

from costsieve.contracts import quality as quality_contracts
from costsieve.reports.render_html import render_html
from costsieve.reports.summary import read_report
from tests.reports import sample_bills as bills
from tests.reports import sample_night as sample
from tests.reports.test_render_html import words_of


@pytest.fixture
def page() -> str:
    return render_html(sample.sample_report())


def full_page() -> str:
    """A night of which everything is known."""
    connection = sample.sample_night()
    bills.add_reconciliation(connection)
    bills.add_history(connection)
    bills.add_failed_source(connection)
    bills.add_quarantine(connection)
    return render_html(read_report(connection, sample.AS_OF))


def test_a_quiet_line_says_that_the_numbers_agree() -> None:
    shown = words_of(full_page())

    assert "can be saved. Reconciled to the last decimal: member-bill (1 billing month, 1 account); org-bill" in shown


def test_notices_stand_before_the_first_figure_and_take_no_space_without_any() -> None:
    shown = words_of(full_page())
    quiet = sample.empty_night()
    sample.add_charges(quiet)

    assert (
        shown.index("gcp-bill could not be read")
        < shown.index("org-bill, September 2026, is quarantined")
        < shown.index("$1,824.05 of usage")
    )
    assert 'class="notices"' not in render_html(read_report(quiet, sample.AS_OF))


def test_warnings_beyond_the_first_screen_are_counted_there_and_told_below() -> None:
    connection = sample.empty_night()
    sample.add_charges(connection)
    check = {"as_of": sample.AS_OF, "table_name": "core.daily_cost", "severity": "warning", "is_passed": False, "observed": "x"}
    sample.insert(connection, quality_contracts.CHECKS, *({**check, "check_name": f"rule_{number}"} for number in range(8)))

    shown = words_of(render_html(read_report(connection, sample.AS_OF)))

    assert "2 more checks that did not hold" in shown
    assert "rule_7 of core.daily_cost" in shown


def test_a_remedy_shows_its_code_as_code(page: str) -> None:
    assert "Look at the <code>export</code>." in page


def test_teams_shares_and_what_nobody_owns_add_up_on_the_page(page: str) -> None:
    shown = words_of(page).replace("> <", "")

    assert "the net total above" in shown
    for row in (
        "vision$1,060.00$53.00$1,113.00",
        "Untagged$34.05$1.70$35.75",
        "Credits not split\u2212$30.00",
        "All cost$1,824.05$91.20$1,885.25",
    ):
        assert row in shown


def test_bills_that_end_on_different_days_are_not_called_the_net_total() -> None:
    connection = sample.sample_night()
    connection.execute("UPDATE results.allocated_costs SET window_start = window_start - 1")

    assert "the last 30 complete days of each bill" in words_of(render_html(read_report(connection, sample.AS_OF)))


def test_the_bridge_of_past_days_is_shown_for_the_night_and_the_week() -> None:
    shown = words_of(full_page())

    assert "Known then$95.00$95.00 Line items that were delivered after the night+$3.10+$3.10 Known now$98.10$98.10" in shown
    assert "Known then$100.00$100.00" in shown
    assert "costsieve restated --since 2026-09-30" in shown


def test_the_first_night_has_no_past_to_compare(page: str) -> None:
    assert "This is the first night that keeps what it knows" in words_of(page)


def test_deliveries_charges_and_what_was_left_out_stand_side_by_side() -> None:
    shown = words_of(full_page())

    assert "member-bill AWS, 1 account September 202640$500.00\u2212$500.00$0.00$0.00none" in shown
    assert "All bills300$2,385.25\u2212$500.00$1,885.25$1,885.25none" in shown
    assert "August 2026100000000001all of the month$900.00no bill loaded" in shown


def test_a_difference_is_told_below_the_headline_and_in_its_row() -> None:
    connection = sample.sample_night()
    bills.add_reconciliation(connection, difference=Decimal("-0.000001"))

    page = render_html(read_report(connection, sample.AS_OF))

    assert '<p class="agreement bad">' in page
    assert words_of(page).count("\u2212$0.000001") == 3  # the line, the month, the total


def test_nights_of_checks_are_described_in_words() -> None:
    connection = sample.sample_night()
    sample.add_checks(connection)
    check = {"as_of": sample.PREVIOUS, "table_name": "core.daily_cost", "severity": "critical", "is_passed": False, "observed": "x"}
    sample.insert(connection, quality_contracts.CHECKS, {**check, "check_name": "a"})

    assert 'aria-label="Checks of the last 2 nights: 30 Sep 1 failed, 1 Oct 2 warnings"' in render_html(
        read_report(connection, sample.AS_OF)
    )
