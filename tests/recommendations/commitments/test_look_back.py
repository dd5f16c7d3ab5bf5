"""Which hours a commitment is sized on, and when there are too few."""

from datetime import date

from costsieve.warehouse import Connection
from tests.recommendations.commitments.bills import answer, charged, commitment, hours, recommendation


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


def test_usage_that_ended_four_weeks_ago_is_not_committed_to(connection: Connection) -> None:
    charged(connection, 10, hours(last=date(2026, 8, 31)))
    charged(connection, 1, hours(first=date(2026, 9, 1)))
    assert commitment(connection) == 0.73
    charged(connection, 9, hours(first=date(2026, 9, 1), last=date(2026, 9, 14)))
    assert "usage has shrunk" in (answer(connection).reason or "")
