"""Keeping what every night knew about every day, in core.known_costs. What changed between two nights is told by core.restatement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from costsieve.contracts.nights import KNOWN_NIGHTS, KNOWN_PERIODS
from costsieve.sql_files import model_sql, statement
from costsieve.warehouse import Connection, replace_rows


@dataclass(frozen=True)
class KnownNight:
    """What one night added to the history.

    Args:
        as_of: the night.
        compared_periods: bill periods that were rolled up anew or withdrawn; the others were not read.
        opened_rows: rows of core.known_costs that begin with this night.
        closed_rows: rows of core.known_costs that end with this night.
    """

    as_of: date
    compared_periods: int
    opened_rows: int
    closed_rows: int


def record_known_costs(connection: Connection, as_of: date) -> KnownNight | None:
    """Add what the night of ``as_of`` knows to core.known_costs, for the bill periods whose roll-up changed since it was last told.

    Run it inside a transaction, once the night's checks have passed. Running the latest night again gives the same history. A night older
    than the latest one (a backfill) writes nothing and gets None: the lake holds today's bills, so what that night would have known then
    cannot be made up now, and what later nights knew stays as it is. What such a night has loaded is told by the next night.
    """
    if _is_older_than_the_history(connection, as_of):
        return None
    for source, periods in connection.execute(statement("core/unknown_periods.sql")).fetchall():
        _replace_costs(connection, source, periods, as_of)
    _replace_periods(connection, as_of)
    replace_rows(connection, KNOWN_NIGHTS, statement("core/known_night.sql"), {"as_of": as_of}, where={"as_of": as_of})
    [row] = connection.execute("SELECT * FROM meta.known_nights WHERE as_of = $as_of", {"as_of": as_of}).fetchall()
    return KnownNight(*row)


def _is_older_than_the_history(connection: Connection, as_of: date) -> bool:
    return bool(connection.execute("SELECT 1 FROM meta.known_nights WHERE as_of > $as_of LIMIT 1", {"as_of": as_of}).fetchall())


def _replace_costs(connection: Connection, source: str, periods: Sequence[str], as_of: date) -> None:
    unit = {"source": source, "periods": list(periods)}
    connection.execute(f"CREATE OR REPLACE TEMP TABLE history AS {model_sql('core/known_costs')}", {**unit, "as_of": as_of})
    connection.execute("DELETE FROM core.known_costs WHERE x_source = $source AND list_contains($periods, x_period)", unit)
    connection.execute("INSERT INTO core.known_costs BY NAME SELECT * FROM temp.history")
    connection.execute("DROP TABLE temp.history")


def _replace_periods(connection: Connection, as_of: date) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE history AS {model_sql('core/known_periods')}", {"as_of": as_of})
    replace_rows(connection, KNOWN_PERIODS, "SELECT * FROM temp.history")
    connection.execute("DROP TABLE temp.history")
