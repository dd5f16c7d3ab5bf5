"""What must be known before any figure: in order of importance, each with what to do, and nothing where there is nothing to say."""

from datetime import date
from decimal import Decimal

import pytest

from costsieve.contracts import quality as quality_contracts
from costsieve.reports.report_quality import CheckedNight, Notice
from costsieve.reports.summary import read_report
from costsieve.warehouse import Connection
from tests.reports import sample_bills as bills
from tests.reports import sample_night as sample


@pytest.fixture
def connection() -> Connection:
    return sample.empty_night()


def notices(connection: Connection) -> tuple[Notice, ...]:
    return read_report(connection, sample.AS_OF).notices


def test_a_good_night_has_none(connection: Connection) -> None:
    assert notices(connection) == ()


def test_a_source_that_could_not_be_read_says_since_when_and_why(connection: Connection) -> None:
    bills.add_failed_source(connection)

    (notice,) = notices(connection)

    assert (notice.topic, notice.level) == ("Not read", "bad")
    assert notice.title == "gcp-bill could not be read since the night of 29 September 2026"
    assert notice.detail == "Its data end with 28 September 2026. Access denied to s3://costs."
    assert notice.remedy is not None


def test_a_quarantined_period_says_why_and_which_version_stands_in(connection: Connection) -> None:
    bills.add_quarantine(connection)

    (notice,) = notices(connection)

    assert notice.title == "org-bill, September 2026, is quarantined until the night of 5 October 2026"
    assert notice.detail == "Version run-7, landed on 28 September 2026, stands in. Reason given: Doubled by the provider."


def test_a_quarantined_source_without_any_published_version_is_left_out(connection: Connection) -> None:
    bills.add_quarantine(connection, period=None, until=None, state="left_out")

    (notice,) = notices(connection)

    assert notice.title == "All of org-bill is quarantined without an end"
    assert notice.detail.startswith("No version of it was ever published, so it is left out of every figure.")


def test_a_quarantined_source_counts_the_versions_that_stand_in(connection: Connection) -> None:
    bills.add_quarantine(connection, period=None)

    (notice,) = notices(connection)

    assert notice.detail.startswith("The versions of the last published night stand in: 1 period, the last landed on 28 September 2026.")


def test_an_expired_quarantine_says_that_the_period_is_read_again(connection: Connection) -> None:
    bills.add_quarantine(connection, state="expired", until=date(2026, 9, 29))

    (notice,) = notices(connection)

    assert notice.title == "The quarantine of org-bill, September 2026, ended with the night of 29 September 2026"


def test_accounts_delivered_twice_say_what_was_left_out(connection: Connection) -> None:
    bills.add_duplicates(connection)

    (notice,) = notices(connection)

    assert (notice.title, notice.currency) == ("member-bill delivers what org-bill delivers too", "USD")
    assert notice.detail == "1 account, September 2026: $500.00 in 40 line items left out, so that nothing is counted twice."


def test_past_days_that_changed_say_by_how_much_and_mostly_why(connection: Connection) -> None:
    bills.add_history(connection)
    bills.add_night(connection, sample.PREVIOUS)

    (notice,) = notices(connection)

    assert notice.level == "note"
    assert notice.detail == (
        "Days before 30 September 2026: +$3.10 billed, +$3.10 effective; mostly line items that were delivered after the night."
    )


def test_a_check_that_did_not_hold_says_what_was_seen_and_what_to_do(connection: Connection) -> None:
    sample.add_checks(connection)

    assert notices(connection) == (
        Notice("Warning", "warn", "Charges are fresh: not so", "Newest day is 2026-09-28.", "Look at the `export`."),
    )


def test_a_check_whose_rows_are_notices_is_not_told_twice(connection: Connection) -> None:
    bills.add_failed_source(connection)
    check = {"as_of": sample.AS_OF, "table_name": "meta.source_reads", "check_name": "sources_were_read", "severity": "warning"}
    sample.insert(connection, quality_contracts.CHECKS, {**check, "is_passed": False, "observed": "1 offending row"})

    assert [notice.topic for notice in notices(connection)] == ["Not read"]


def test_the_order_is_that_of_importance(connection: Connection) -> None:
    bills.add_history(connection)
    bills.add_night(connection, sample.PREVIOUS)
    sample.add_checks(connection)
    bills.add_duplicates(connection)
    bills.add_quarantine(connection)
    bills.add_failed_source(connection)

    assert [notice.topic for notice in notices(connection)] == ["Not read", "Held back", "Duplicate", "Restated", "Warning"]


def test_the_checks_of_the_last_fourteen_nights_are_counted(connection: Connection) -> None:
    sample.add_checks(connection)
    check = {"table_name": "core.daily_cost", "check_name": "a", "severity": "critical", "is_passed": False, "observed": "x"}
    nights = [date(2026, 9, day) for day in range(10, 31)]
    sample.insert(connection, quality_contracts.CHECKS, *({**check, "as_of": night} for night in nights))

    found = read_report(connection, sample.AS_OF).checked_nights

    assert len(found) == 14
    assert (found[0].as_of, found[0].level) == (date(2026, 9, 18), "bad")
    assert found[-1] == CheckedNight(sample.AS_OF, passed=2, warned=1, failed=0)


def test_a_difference_is_no_notice_since_the_line_below_the_headline_tells_it(connection: Connection) -> None:
    sample.insert(connection, quality_contracts.RECONCILIATION, bills.compared("org-bill", "Tax", 1, "1.00", difference=Decimal("0.01")))

    assert notices(connection) == ()
