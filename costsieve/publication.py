"""Make a finished night readable: a checkpointed copy of the work file, verified, then renamed into place. Computes no result."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl

from costsieve import __version__
from costsieve.contracts.nights import NIGHTS
from costsieve.errors import CostsieveError
from costsieve.home import Home
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, Warehouse, query, replace_frame

STORAGE_VERSION = "v1.2.0"
"""DuckDB storage version of the published file: old enough for the command line, BI drivers and notebooks of DuckDB 1.2 and later."""


def publish(warehouse: Warehouse, as_of: date, published_at: datetime) -> Path:
    """Record the night in meta.nights and replace the published file in one step; returns its path.

    Readers that have the former file open keep it. A night that fails before this leaves the last good result standing; so does a copy
    whose daily costs are not those that were reconciled, which raises CostsieveError naming source, period and both figures.
    """
    with warehouse.transaction() as connection:
        _record_night(connection, as_of, published_at)
    with warehouse.connect() as connection:
        return _copy_and_rename(connection, warehouse.home)


def _record_night(connection: Connection, as_of: date, published_at: datetime) -> None:
    counts = query(
        connection,
        statement("publication/night.sql"),
        {"as_of": as_of},
    ).row(0, named=True)
    night = {
        "as_of": as_of,
        "published_at": published_at,
        "costsieve_version": __version__,
        "loads_changed": counts["loads_changed"],
        "checks_passed": counts["checks_passed"],
        "checks_warned": counts["checks_warned"],
    }
    replace_frame(connection, NIGHTS, pl.DataFrame([night], schema=NIGHTS.polars_schema()), {"as_of": as_of})


def _copy_and_rename(connection: Connection, home: Home) -> Path:
    target = home.published_warehouse
    target.parent.mkdir(parents=True, exist_ok=True)
    for abandoned in target.parent.glob("warehouse.unfinished*"):  # by a killed night, with its write-ahead log
        abandoned.unlink()
    unfinished = target.with_name("warehouse.unfinished")
    with _attached(connection, unfinished, f"(STORAGE_VERSION '{STORAGE_VERSION}')"):
        connection.execute(f"COPY FROM DATABASE {home.work_warehouse.stem} TO published")
    with _attached(connection, unfinished, ""):  # anew: what is verified has been read back from the disk
        _verify(connection, home.work_warehouse.stem)
    unfinished.replace(target)
    return target


@contextmanager
def _attached(connection: Connection, path: Path, options: str) -> Iterator[None]:
    connection.execute(f"ATTACH '{str(path).replace("'", "''")}' AS published {options}")
    try:
        yield
    finally:
        connection.execute("DETACH published")


def _verify(connection: Connection, work: str) -> None:
    """Compare what the copy holds with what was reconciled in the work file, and record it in the copy."""
    reconciled = _totals(connection, "publication/reconciled_totals.sql")
    connection.execute("USE published")
    try:
        published = _totals(connection, "publication/published_totals.sql")
        for name in sorted(reconciled.keys() | published.keys()):
            if reconciled.get(name) != published.get(name):
                message = (
                    f"{' '.join(name)}: {_shown(reconciled.get(name))} was reconciled with the delivered bills, but the copy to publish"
                    f" holds {_shown(published.get(name))}. Nothing was published; the last good result stands. Run the night again, and"
                    " have the disk checked if this comes back."
                )
                raise CostsieveError(message)
        connection.execute(statement("publication/record_published_costs.sql"))
    finally:
        connection.execute(f"USE {work}")


def _totals(connection: Connection, path: str) -> dict[tuple[str, str, str], tuple[int, Decimal]]:
    rows = connection.execute(statement(path)).fetchall()
    return {(source, period, currency): (line_items, billed_cost) for source, period, currency, line_items, billed_cost in rows}


def _shown(total: tuple[int, Decimal] | None) -> str:
    return f"{total[1].normalize():f} in {total[0]} line items" if total else "nothing"
