"""Reads every source of one lake asset, each on its own, and records in meta.source_reads how that went. Formats are not known here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from costsieve import sql_files
from costsieve.contracts.nights import SOURCE_READS
from costsieve.errors import SourceError
from costsieve.gate_settings import Quarantine
from costsieve.settings import Settings
from costsieve.sources.configured import lake_types, sources_of
from costsieve.sources.holding import hold, holds_on, record_quarantines
from costsieve.sources.landing import LoadSummary, load_source, load_summary
from costsieve.sources.published import remember_published
from costsieve.sources.source import Source
from costsieve.sources.stores.replacements import until_steady
from costsieve.warehouse import Connection, Warehouse, replace_frame


@dataclass(frozen=True)
class Night:
    """The night that sources are read for: its day, and the wall clock for columns that record when something was done."""

    as_of: date
    observed_at: datetime


@dataclass(frozen=True)
class SourceRead:
    """How one source was read. ``error`` is set when it could not be; ``summary`` says what is current of it all the same."""

    source: str
    source_type: str
    message: str | None
    is_quarantined: bool
    error: SourceError | None
    summary: LoadSummary

    @property
    def outcome(self) -> str:
        """As in meta.source_reads."""
        if self.error:
            return "failed"
        return "quarantined" if self.is_quarantined else "read"

    @property
    def latest_period(self) -> str | None:
        """Newest period that the tables are made of."""
        return max(self.summary.periods, default=None)


def read_sources(warehouse: Warehouse, settings: Settings, lake_asset: str, night: Night) -> list[SourceRead]:
    """Land every source that is configured under one of LAKE_ASSETS; one that cannot be read leaves the others as they are.

    Raises SourceError, after all were tried and recorded, when a source has never delivered anything: a night without it would
    look complete. With an earlier version in the lake the night goes on, and the check `sources_were_read` says so.
    """
    reads = [_read(warehouse, settings, source, night, lake_asset) for source in sources_of(settings, lake_asset)]
    with warehouse.transaction() as connection:
        _retire_unnamed_sources(connection, settings)
        for read in reads:
            _record(connection, read, night.as_of)
    _require_earlier_loads(reads)
    return reads


def conclude_reads(warehouse: Warehouse, settings: Settings, as_of: date) -> None:
    """Note what the checks of the night compare with, after all sources were read: quarantines, and the last published totals."""
    named = [source.name for source in sources_of(settings)]
    with warehouse.transaction() as connection:
        connection.execute(sql_files.statement("sources/forget_unnamed_reads.sql"), {"as_of": as_of, "named": named})
        record_quarantines(connection, warehouse.home, settings, as_of)
        remember_published(connection, warehouse.home)


def _read(warehouse: Warehouse, settings: Settings, source: Source, night: Night, lake_asset: str) -> SourceRead:
    holds = holds_on(settings, source.name, night.as_of)
    message, error, source_type = _said(holds), None, lake_asset
    try:
        if holds:
            hold(warehouse, source.name, holds)
        if not any(entry.period is None for entry in holds):
            source_type = source.source_type
            summary = until_steady(lambda: load_source(warehouse, source, night.as_of, night.observed_at, holds))
            message = "; ".join(filter(None, [message, _withdrawn(summary)])) or None
        else:
            summary = load_summary(warehouse, source.name)
    except (SourceError, OSError) as raised:
        error = raised if isinstance(raised, SourceError) else SourceError(_system_said(raised))
        message = str(error)
        summary = load_summary(warehouse, source.name)
    return SourceRead(source.name, source_type, message, bool(holds), error, summary)


def _system_said(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}." if error.filename else f"{error}."


def _require_earlier_loads(reads: Sequence[SourceRead]) -> None:
    missing = [(read.source, read.error) for read in reads if read.error and not read.summary.periods]
    if not missing:
        return
    reasons = "\n".join(f"nothing of {source} was ever loaded: {error}" for source, error in missing)
    remedy = "A night without it would look complete: to go on so, name it under `quarantine`."
    message = f"{reasons} {remedy}"
    raise (type(missing[0][1]) if len(missing) == 1 else SourceError)(message)


def _withdrawn(summary: LoadSummary) -> str | None:
    if not summary.withdrawn_months:
        return None
    months = ", ".join(summary.withdrawn_months)
    return f"{months}: not delivered any more (the manifest or the files are gone, or it names none); what was loaded of it before is used"


def _said(holds: Sequence[Quarantine]) -> str | None:
    return "; ".join(f"{entry.period or 'all periods'}: {entry.reason}" for entry in holds) or None


def _record(connection: Connection, read: SourceRead, as_of: date) -> None:
    key = {"as_of": as_of, "source": read.source}
    told = {"source_type": read.source_type, "outcome": read.outcome, "message": read.message, "latest_period": read.latest_period}
    replace_frame(connection, SOURCE_READS, pl.DataFrame([{**key, **told}], schema=SOURCE_READS.polars_schema()), where=key)


def _retire_unnamed_sources(connection: Connection, settings: Settings) -> None:
    """Take the loads of sources that the configuration no longer names out of use: one that was renamed would be counted twice."""
    named = [
        f"{source.name}/{folder}" for asset, folders in lake_types().items() for source in sources_of(settings, asset) for folder in folders
    ]
    connection.execute(sql_files.statement("sources/retire_sources.sql"), {"named": named})
