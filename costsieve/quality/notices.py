"""What must be said before any figure: sources that could not be read, deliveries that are held back. It is said in reports and nights."""

from dataclasses import dataclass
from datetime import date

from costsieve.quality.check_files import all_check_files
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query

_READ = "sources_were_read"
_QUARANTINED = "nothing_is_quarantined"


@dataclass(frozen=True)
class FailedSource:
    """A source that the night could not read and went on without; what it delivered before is in the tables up to ``latest_period``."""

    source: str
    failing_since: date
    latest_period: str | None
    message: str

    @property
    def sentence(self) -> str:
        """For the first screen."""
        known = f"Its data end with {self.latest_period}." if self.latest_period else "Nothing of it was ever loaded."
        return f"{self.source} could not be read since the night of {self.failing_since}: {self.message} {known}"


@dataclass(frozen=True)
class Quarantined:
    """A delivery that the configuration holds back; ``state`` is held (at the published version) or left_out (none was ever published)."""

    source: str
    period: str | None
    state: str
    reason: str
    until: date | None

    @property
    def sentence(self) -> str:
        """For the first screen."""
        about = f"{self.source}, {self.period}," if self.period else f"{self.source} as a whole"
        end = f" until the night of {self.until}" if self.until else ""
        effect = "its last published version is used" if self.state == "held" else "it is left out of every figure"
        return f"{about} is quarantined{end} ({self.reason}): {effect}."


@dataclass(frozen=True)
class FailedCheck:
    """A check that failed; ``observed`` holds the first offending rows and what to do."""

    check_name: str
    title: str
    observed: str

    @property
    def sentence(self) -> str:
        """For alerts."""
        return f"{self.check_name}: {self.observed}"


def blocking_checks(connection: Connection, table_name: str, as_of: date) -> list[FailedCheck]:
    """Return the critical checks of a table that failed on the night ``as_of``, by name."""
    rows = query(connection, statement("quality/blocking.sql"), {"table_name": table_name, "as_of": as_of})
    return [FailedCheck(**row) for row in rows.iter_rows(named=True)]


def warnings(connection: Connection, as_of: date) -> list[FailedCheck]:
    """Return the warnings of the night ``as_of``, by table and name, without what failed_sources and quarantined tell."""
    rows = query(connection, statement("quality/warnings.sql"), {"as_of": as_of, "told": [_READ, _QUARANTINED]})
    return [FailedCheck(**row) for row in rows.iter_rows(named=True)]


def failed_sources(connection: Connection, as_of: date) -> list[FailedSource]:
    """Return the sources that the night ``as_of`` could not read, by name."""
    return [FailedSource(**row) for row in query(connection, _sql(_READ), {"as_of": as_of}).iter_rows(named=True)]


def quarantined(connection: Connection, as_of: date) -> list[Quarantined]:
    """Return what was held back on the night ``as_of``, by source and period."""
    return [Quarantined(**row) for row in query(connection, _sql(_QUARANTINED), {"as_of": as_of}).iter_rows(named=True)]


def _sql(check_name: str) -> str:
    return next(check.sql for check in all_check_files() if check.check_name == check_name)
