"""Reads the checks of the night, and how those of earlier nights went. They were judged in costsieve.quality."""

from datetime import date

from costsieve.reports.queries import Row, rows
from costsieve.reports.report_quality import Check, CheckedNight
from costsieve.warehouse import Connection


def read_checks(connection: Connection, as_of: date) -> tuple[Check, ...]:
    """Return every check of the night, those that failed first."""
    return tuple(_check(row) for row in rows(connection, "checks", as_of=as_of))


def read_checked_nights(connection: Connection, as_of: date) -> tuple[CheckedNight, ...]:
    """Return how the checks of the latest nights went, this night last."""
    return tuple(CheckedNight(**row) for row in rows(connection, "checked_nights", as_of=as_of))


def _check(row: Row) -> Check:
    """What was seen is recorded with title and remedy behind it, for those who read it alone; here they have their own places."""
    told = f". {row['title']}. {row['remedy']}"
    seen = row["observed"].removesuffix(told) if row["title"] and row["remedy"] else row["observed"]
    named = {name: row[name] for name in ("table_name", "check_name", "severity", "is_passed", "title", "remedy", "offending_rows")}
    return Check(**named, seen=seen)
