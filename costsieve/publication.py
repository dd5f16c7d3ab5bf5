"""Make a finished night readable: a checkpointed copy of the work file, renamed into place. Computes nothing."""

from datetime import date, datetime
from pathlib import Path

import polars as pl

from costsieve import __version__
from costsieve.contracts import meta
from costsieve.home import Home
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, Warehouse, query, replace_frame

STORAGE_VERSION = "v1.2.0"
"""DuckDB storage version of the published file: old enough for the command line, BI drivers and notebooks of DuckDB 1.2 and later."""


def publish(warehouse: Warehouse, as_of: date, published_at: datetime) -> Path:
    """Record the night in meta.nights and replace the published file in one step; returns its path.

    Readers that have the former file open keep it. A night that fails before this leaves the last good result standing.
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
    replace_frame(connection, meta.NIGHTS, pl.DataFrame([night], schema=meta.NIGHTS.polars_schema()), {"as_of": as_of})


def _copy_and_rename(connection: Connection, home: Home) -> Path:
    target = home.published_warehouse
    target.parent.mkdir(parents=True, exist_ok=True)
    for abandoned in target.parent.glob("warehouse.unfinished*"):  # by a killed night, with its write-ahead log
        abandoned.unlink()
    unfinished = target.with_name("warehouse.unfinished")
    work = home.work_warehouse.stem
    connection.execute(f"ATTACH '{str(unfinished).replace("'", "''")}' AS published (STORAGE_VERSION '{STORAGE_VERSION}')")
    connection.execute(f"COPY FROM DATABASE {work} TO published")
    connection.execute("DETACH published")
    unfinished.replace(target)
    return target
