"""Write the published cost basis as FOCUS 1.2 files. What a FOCUS row is made of is in sql/exports."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb

from costsieve.contracts.focus import FOCUS_1_2
from costsieve.errors import ConfigurationError, CostsieveError
from costsieve.exports.focus_views import create_focus_views
from costsieve.exports.selection import Selection, chosen_months
from costsieve.home import Home
from costsieve.warehouse import Connection, open_published


class FileFormat(StrEnum):
    """How FOCUS rows are written."""

    PARQUET = "parquet"
    CSV = "csv"


# Text is quoted, so that no reader takes an account id for a number; an unquoted blank is a null.
_TEXTS = ", ".join(column.name for column in FOCUS_1_2.columns if column.type == "VARCHAR")
_OPTIONS = {
    FileFormat.PARQUET: "FORMAT parquet, COMPRESSION zstd",
    FileFormat.CSV: f"FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ', FORCE_QUOTE ({_TEXTS})",
}
_MEMORY_LIMIT = "1200MB"
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:/")
_OTHER_FORMATS = {".avro", ".bz2", ".gz", ".json", ".jsonl", ".ndjson", ".orc", ".tsv", ".txt", ".xlsx", ".xz", ".zip", ".zst"}
"""Endings of files, which nobody gives to a folder."""


@dataclass(frozen=True)
class WrittenFile:
    """One FOCUS file and the number of its rows."""

    path: Path
    rows: int


@dataclass(frozen=True)
class _Part:
    path: Path
    months: Sequence[str]
    load_periods: Sequence[str]


def export_focus(home: Home, output: Path, file_format: FileFormat, selection: Selection) -> list[WrittenFile]:
    """Write the selected charges: one file if ``output`` ends in .parquet or .csv, else a folder with one file per billing month.

    The costs of the files sum to core.daily_cost, per billing month and currency. Rows are streamed; memory stays bounded. A file appears
    under its name when it is complete.

    Raises ConfigurationError when the output is there already, or the selection matches nothing; CostsieveError when nothing was
    published yet, or a file cannot be written.
    """
    with open_published(home.published_warehouse) as connection:
        parts = list(_parts(output, file_format, chosen_months(connection, selection)))
        _prepare(output, is_folder=output not in {part.path for part in parts})
        _configure(connection, home)
        _create_views(connection)
        return [_write(connection, part, file_format, selection) for part in parts]


def format_of(output: Path, chosen: FileFormat | None) -> FileFormat:
    """Return the format of the files.

    Raises ConfigurationError when the output's name says another one than was chosen, or one that is not written, or an address.
    """
    if _ADDRESS.match(str(output)):
        message = f"--output {output} is no local path: write to a folder of this machine and copy it from there, as with `aws s3 cp`."
        raise ConfigurationError(message)
    if output.suffix in _OTHER_FORMATS:
        message = f"--output {output}: only .parquet and .csv files are written. Give one of these endings, or the name of a folder."
        raise ConfigurationError(message)
    named = next((each for each in FileFormat if output.suffix == f".{each}"), None)
    if named and chosen and named is not chosen:
        message = f"--output {output} is a name of a {named} file, but --format says {chosen}: leave one of them out."
        raise ConfigurationError(message)
    return named or chosen or FileFormat.PARQUET


def _parts(output: Path, file_format: FileFormat, months: Mapping[str, Sequence[str]]) -> Iterator[_Part]:
    if output.suffix == f".{file_format}":
        yield _Part(output, list(months), sorted({period for periods in months.values() for period in periods}))
        return
    for month, periods in months.items():
        yield _Part(output / f"focus-{month}.{file_format}", [month], periods)


def _prepare(output: Path, *, is_folder: bool) -> None:
    try:
        if output.exists() and not (is_folder and output.is_dir() and not any(output.iterdir())):
            message = f"--output {output} exists and is not an empty folder: choose another name, or remove it first."
            raise ConfigurationError(message)
        (output if is_folder else output.parent).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"--output {output} cannot be written: {error.strerror}. Choose a folder that you may write to."
        raise CostsieveError(message) from error


def _configure(connection: Connection, home: Home) -> None:
    settings: dict[str, Any] = {"TimeZone": "UTC", "memory_limit": _MEMORY_LIMIT, "temp_directory": str(home.spill)}
    for name, value in settings.items():
        connection.execute(f"SET {name} = '{str(value).replace("'", "''")}'")
    # Rows of a bill have no order; keeping one would hold whole files in memory.
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")


def _create_views(connection: Connection) -> None:
    try:
        create_focus_views(connection)
    except duckdb.IOException as error:
        message = f"a published bill cannot be read: {error}. Restore the file, or run `costsieve night` to publish what is there."
        raise CostsieveError(message) from error


def _write(connection: Connection, part: _Part, file_format: FileFormat, selection: Selection) -> WrittenFile:
    unfinished = part.path.with_name(f".{part.path.name}.unfinished")
    target = str(unfinished).replace("'", "''")
    columns = ", ".join(FOCUS_1_2.column_names)
    select = (
        f"SELECT {columns} FROM temp.focus WHERE list_contains($load_periods, x_period)"  # noqa: S608 - names come from the contract
        " AND list_contains($months, strftime(BillingPeriodStart, '%Y-%m'))"
        " AND (len($providers) = 0 OR list_contains($providers, ProviderName))"
    )
    bound = {"load_periods": part.load_periods, "months": part.months, "providers": list(selection.providers)}
    try:
        written = connection.execute(f"COPY ({select}) TO '{target}' ({_OPTIONS[file_format]})", bound).fetchone()
        unfinished.replace(part.path)
    except (duckdb.Error, OSError) as error:
        message = f"{part.path} cannot be written: {error}"
        raise CostsieveError(message) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return WrittenFile(part.path, int(written[0]) if written else 0)
