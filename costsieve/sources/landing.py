"""Brings new versions of one source into the lake and into meta.loads, all or nothing. Formats are the business of each source."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from costsieve import sql_files
from costsieve.contracts.loads import LOAD_TOTALS, LOADS
from costsieve.gate_settings import Quarantine
from costsieve.home import Home
from costsieve.sources.gaps import Gap, Unfinished, as_collected, collect, record_gaps, unfinished_versions
from costsieve.sources.lake import LandedVersion, drop_empty_parts, examine, unit_of, version_folder
from costsieve.sources.scratch import scratch_connection
from costsieve.sources.source import Delivery, Source
from costsieve.warehouse import Connection, Warehouse, replace_frame


@dataclass(frozen=True)
class LoadSummary:
    """What one landing changed, and what is current afterwards.

    ``row_count``, ``byte_count``, ``file_count`` and ``totals`` (billed cost per currency; empty for what is no bill)
    cover all current versions of the source, whether this landing brought them or an earlier one. ``withdrawn_months`` are billing months
    among ``periods`` that the source does not offer any more.
    """

    source: str
    changed_periods: tuple[str, ...]
    periods: tuple[str, ...]
    row_count: int
    byte_count: int
    file_count: int
    totals: dict[str, Decimal]
    withdrawn_months: tuple[str, ...] = ()


def load_source(warehouse: Warehouse, source: Source, as_of: date, observed_at: datetime, holds: Sequence[Quarantine] = ()) -> LoadSummary:
    """Land every version that is new, replace whole periods, and leave periods that the source no longer offers as they are.

    A period that one of ``holds`` covers is not read: see costsieve.sources.holding. Running it again changes nothing. When any file
    is missing, damaged or lacks a column, SourceError is raised and meta.loads stays as it was; versions that were already complete
    are kept in the lake and not fetched again by the next run.
    """
    current = _current_versions(warehouse, source.name)
    delivered = source.deliveries(as_of)
    offered = [each for each in delivered if not any(hold.covers(each.period) for hold in holds)]
    missing = [delivery for delivery in offered if not _is_landed(warehouse.home, source, delivery, current)]
    changed = []
    if missing:
        unfinished = unfinished_versions(warehouse, source.name)
        with scratch_connection(warehouse.home.spill) as connection:
            landed = [_land(connection, warehouse.home, source, delivery, unfinished.get(delivery.period)) for delivery in missing]
        changed = [version for version, gaps in landed if not gaps or current.get(version.delivery.period) != version.delivery.version]
        with warehouse.transaction() as transaction:
            for version in changed:
                _record(transaction, warehouse.home, source, version, observed_at)
            for version, gaps in landed:
                record_gaps(transaction, source.name, version.delivery, gaps, as_of)
    summary = load_summary(warehouse, source.name, [version.delivery.period for version in changed])
    return replace(summary, withdrawn_months=_withdrawn_months(summary, delivered, as_of))


def load_summary(warehouse: Warehouse, source: str, changed_periods: Sequence[str] = ()) -> LoadSummary:
    """Return what is current of one source."""
    with warehouse.connect() as connection:
        loads = connection.sql(sql_files.statement("sources/current_loads.sql"), params={"source": source}).pl()
        totals = connection.sql(sql_files.statement("sources/current_totals.sql"), params={"source": source}).pl()
    return LoadSummary(
        source=source,
        changed_periods=tuple(changed_periods),
        periods=tuple(loads["period"]),
        row_count=int(loads["row_count"].sum()),
        byte_count=int(loads["byte_count"].sum()),
        file_count=int(loads["file_count"].sum()),
        totals=dict(totals.iter_rows()),
    )


def _withdrawn_months(summary: LoadSummary, delivered: Sequence[Delivery], as_of: date) -> tuple[str, ...]:
    """Days are left out: partitions expire, and metrics are asked for by look-back."""
    known = {each.period for each in delivered}
    months = (period for period in summary.periods if len(period) == len("2026-09") and f"{period}-01" < as_of.isoformat())
    return tuple(sorted(month for month in months if month not in known))


def _current_versions(warehouse: Warehouse, source: str) -> dict[str, str]:
    versions = warehouse.query(sql_files.statement("sources/current_versions.sql"), {"source": source})
    return dict(versions.iter_rows())


def _is_landed(home: Home, source: Source, delivery: Delivery, current: dict[str, str]) -> bool:
    """Tell whether this version is current; one whose folder someone removed is landed again."""
    return current.get(delivery.period) == delivery.version and version_folder(home, unit_of(source, delivery)).is_dir()


def _land(
    connection: duckdb.DuckDBPyConnection, home: Home, source: Source, delivery: Delivery, unfinished: Unfinished | None
) -> tuple[LandedVersion, Sequence[Gap]]:
    """Put one version into the lake by renaming a finished folder, so that a killed landing leaves no half version.

    A folder that is already there was finished by a landing that was stopped before it could record it, or holds the same content.
    Returns the version with what it lacks: see costsieve.sources.gaps.
    """
    folder = version_folder(home, unit_of(source, delivery))
    if folder.is_dir():
        return examine(connection, folder, source, delivery), ()
    with _staging_folder(home, source) as staging:
        gaps = collect(source, delivery, unfinished, staging)
        drop_empty_parts(staging, source, delivery)
        collected = as_collected(delivery, gaps, staging)
        version = examine(connection, staging, source, collected)
        folder = version_folder(home, unit_of(source, collected))
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not folder.is_dir():
            staging.rename(folder)
    return replace(version, files=tuple(folder / path.name for path in version.files)), gaps


@contextmanager
def _staging_folder(home: Home, source: Source) -> Iterator[Path]:
    """Give an empty folder on the lake's own disk; whatever is left in it, also by a killed landing, is dropped."""
    root = home.root / "work" / "staging" / source.name
    shutil.rmtree(root, ignore_errors=True)
    staging = root / "version"
    staging.mkdir(parents=True)
    try:
        yield staging
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _record(connection: Connection, home: Home, source: Source, version: LandedVersion, observed_at: datetime) -> None:
    """Make one landed version the current one of its period."""
    unit = {"source": source.name, "period": version.delivery.period}
    key = {**unit, "version": version.delivery.version}
    connection.execute(sql_files.statement("sources/retire_versions.sql"), unit)
    load = {
        **key,
        "source_type": source.source_type,
        "files": [path.relative_to(home.root).as_posix() for path in version.files],
        "row_count": version.row_count,
        "byte_count": version.byte_count,
        "loaded_at": observed_at.astimezone(UTC).replace(tzinfo=None) if observed_at.tzinfo else observed_at,
        "is_current": True,
    }
    replace_frame(connection, LOADS, pl.DataFrame([load], schema=LOADS.polars_schema()), where=key)
    totals = version.totals.with_columns(pl.lit(value).alias(name) for name, value in key.items())
    replace_frame(connection, LOAD_TOTALS, totals, where=key)
