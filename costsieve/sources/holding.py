"""Quarantine: periods that are kept at the version of the last published night, whatever is delivered meanwhile. Nothing is judged here."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from costsieve import sql_files
from costsieve.contracts.loads import LOAD_TOTALS, LOADS
from costsieve.contracts.nights import QUARANTINES
from costsieve.gate_settings import Quarantine
from costsieve.home import Home
from costsieve.settings import Settings
from costsieve.sources.published import published_rows
from costsieve.warehouse import Connection, Warehouse, replace_frame


def holds_on(settings: Settings, source: str, as_of: date) -> list[Quarantine]:
    """Return the quarantines of one source that are in force on the night ``as_of``."""
    return [entry for entry in settings.quarantine if entry.source == source and entry.is_in_force(as_of)]


def hold(warehouse: Warehouse, source: str, holds: Sequence[Quarantine]) -> None:
    """Make the published version of every held period current again; a period that was never published is left out.

    The lake still has these versions: what the published file refers to is never removed (see costsieve.sources.retention).
    """
    loads = published_rows(warehouse.home, "held_loads", source=source)
    totals = published_rows(warehouse.home, "held_totals", source=source)
    with warehouse.transaction() as connection:
        for period, _ in connection.execute(sql_files.statement("sources/current_versions.sql"), {"source": source}).fetchall():
            if _is_held(period, holds):
                connection.execute(sql_files.statement("sources/retire_versions.sql"), {"source": source, "period": period})
        if loads is None or totals is None:
            return
        for load in loads.filter(_held(loads, holds)).to_dicts():
            key = {name: load[name] for name in LOADS.key}
            of_version = [pl.col(name) == value for name, value in key.items()]
            replace_frame(connection, LOADS, loads.filter(of_version), where=key)
            replace_frame(connection, LOAD_TOTALS, totals.filter(of_version), where=key)


def record_quarantines(connection: Connection, home: Home, settings: Settings, as_of: date) -> None:
    """Replace what meta.quarantines says about this night. Run it inside a transaction."""
    rows = [{"as_of": as_of, **entry.model_dump(), "state": _state(home, entry, as_of)} for entry in settings.quarantine]
    replace_frame(connection, QUARANTINES, pl.DataFrame(rows, schema=QUARANTINES.polars_schema()), where={"as_of": as_of})


def _state(home: Home, entry: Quarantine, as_of: date) -> str:
    if not entry.is_in_force(as_of):
        return "expired"
    loads = published_rows(home, "held_loads", source=entry.source)
    is_published = loads is not None and any(entry.covers(period) for period in loads["period"])
    return "held" if is_published else "left_out"


def _held(loads: pl.DataFrame, holds: Sequence[Quarantine]) -> pl.Series:
    return pl.Series([_is_held(period, holds) for period in loads["period"]], dtype=pl.Boolean)


def _is_held(period: str, holds: Sequence[Quarantine]) -> bool:
    return any(entry.covers(period) for entry in holds)
