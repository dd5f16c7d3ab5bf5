"""CSV parts of a bill -> Parquet with declared types, once, on landing. Parquet parts are never touched here."""

import csv
import gzip
import shutil
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from costsieve.errors import UnreadableExport
from costsieve.sources.aws.cur_columns import LandedCsv, landed_report
from costsieve.sources.scratch import scratch_connection

_CHUNK_BYTES = 4 * 2**20
_ROW_GROUP_ROWS = 30_720
"""A report has some 130 columns and each thread buffers one row group of all of them."""
_TELLING = ("Original Line", "Expected Number", "Error when", "Value with", "Malformed", "Conversion Error: M", "Maximum line")
_DAMAGE = (gzip.BadGzipFile, EOFError, zlib.error, zipfile.BadZipFile, UnicodeDecodeError, csv.Error, duckdb.Error)

CSV_ENDINGS = (".csv.gz", ".csv", ".zip")

Layout = Callable[[Sequence[str]], LandedCsv]


def convert_csv(delivered: Path, target: Path, shown_as: str, layout: Layout = landed_report) -> None:
    """Write ``delivered`` (.csv, .csv.gz, or .zip with one CSV) as Parquet to ``target``; an empty file gives no Parquet.

    Columns get the types that ``layout`` declares, money straight from text to DECIMAL; unknown columns stay text; blank is null.
    Raises UnreadableExport, naming the file as ``shown_as``, when it is truncated, damaged or not what its name says; a value of the
    wrong type is named with its line and column.
    """
    with scratch_connection(target.parent) as connection:
        convert_csv_on(connection, delivered, target, shown_as, layout)


def convert_csv_on(connection: duckdb.DuckDBPyConnection, delivered: Path, target: Path, shown_as: str, layout: Layout) -> None:
    """Like convert_csv, on a connection that is shared by several files."""
    if delivered.stat().st_size == 0:
        return
    try:
        text = _decompressed(delivered, shown_as)
        header = _header(text)
        if header:
            _write_parquet(connection, text, layout(header), target)
    except _DAMAGE as error:
        message = (
            f"{shown_as} is truncated, damaged or not what its name says: {_reason(error)}. Deliver it again; nothing of it was loaded."
        )
        raise UnreadableExport(message) from error


def _decompressed(delivered: Path, shown_as: str) -> Path:
    """Return a file that DuckDB can read: gz as it is, once its checksum is proved; a zip's only member unpacked beside it."""
    if delivered.name.endswith(".gz"):
        with gzip.open(delivered) as content:
            while content.read(_CHUNK_BYTES):
                pass
        return delivered
    if not delivered.name.endswith(".zip"):
        return delivered
    with zipfile.ZipFile(delivered) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) != 1:
            message = f"{shown_as} holds {len(members)} files; a zipped report holds exactly one CSV file."
            raise UnreadableExport(message)
        unpacked = delivered.with_suffix(".csv")
        with archive.open(members[0]) as content, unpacked.open("wb") as file:
            shutil.copyfileobj(content, file, _CHUNK_BYTES)
    return unpacked


def _header(text: Path) -> Sequence[str]:
    opener = gzip.open if text.name.endswith(".gz") else open
    with opener(text, "rt", encoding="utf-8-sig", newline="") as lines:
        return next(csv.reader(lines, strict=True), [])


def _write_parquet(connection: duckdb.DuckDBPyConnection, text: Path, landed: LandedCsv, target: Path) -> None:
    rows = connection.read_csv(
        str(text),
        columns=landed.read_as,
        na_values=["", *landed.null_texts],
        header=True,
        auto_detect=False,
        delimiter=",",
        quotechar='"',
        escapechar='"',
        compression="gzip" if text.name.endswith(".gz") else "none",
    )
    rows.project(", ".join(landed.columns)).write_parquet(str(target), compression="zstd", row_group_size=_ROW_GROUP_ROWS)


def _reason(error: BaseException) -> str:
    """Return what tells the place and the value; DuckDB adds advice about options that a user of this product does not have."""
    lines = str(error).splitlines()
    telling = [line.strip() for line in lines if line.startswith(_TELLING)]
    shown = [line for line in telling if not line.startswith("Original Line")] or lines[:1] or [type(error).__name__]
    place = lines[0].partition("CSV Error on ")[2] if lines else ""
    reason = " ".join(shown).removeprefix("Conversion Error: ").rstrip(".")
    return f"{place}: {reason}" if place else reason
