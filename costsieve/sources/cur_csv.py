"""CSV parts of a Cost and Usage Report -> Parquet with declared types, once, on landing. Parquet parts are never touched here."""

import csv
import gzip
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import duckdb
from duckdb import ColumnExpression, ConstantExpression, Expression, FunctionExpression

from costsieve.contracts.raw import AWS_CUR
from costsieve.errors import UnreadableExport
from costsieve.sources.scratch import scratch_connection

_CHUNK_BYTES = 4 * 2**20
_ROW_GROUP_ROWS = 30_720
"""A report has some 130 columns and each thread buffers one row group of all of them."""
_TYPES = {column.name: column.type for column in AWS_CUR.columns}


def convert_csv(delivered: Path, target: Path, shown_as: str) -> None:
    """Write ``delivered`` (.csv, .csv.gz, or .zip with one CSV) as Parquet to ``target``; an empty file gives no Parquet.

    Columns of the contract get their declared types, money straight from text to DECIMAL; unknown columns stay text; blank is null.
    Raises UnreadableExport, naming the file as ``shown_as``, when it is truncated, damaged or not what its name says.
    """
    if delivered.stat().st_size == 0:
        return
    try:
        text = _decompressed(delivered, shown_as)
        header = _header(text)
        if header:
            _write_parquet(text, header, target)
    except (gzip.BadGzipFile, EOFError, zlib.error, zipfile.BadZipFile, UnicodeDecodeError, csv.Error, duckdb.Error) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = f"{shown_as} is truncated, damaged or not what its name says: {reason}. Deliver it again; nothing of it was loaded."
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


def _write_parquet(text: Path, header: Sequence[str], target: Path) -> None:
    with scratch_connection(target.parent) as connection:
        rows = connection.read_csv(
            str(text),
            columns=dict.fromkeys(header, "VARCHAR"),
            header=True,
            auto_detect=False,
            delimiter=",",
            quotechar='"',
            escapechar='"',
            compression="gzip" if text.name.endswith(".gz") else "none",
        )
        rows.select(*(_typed(name) for name in header)).write_parquet(str(target), compression="zstd", row_group_size=_ROW_GROUP_ROWS)


def _typed(column: str) -> Expression:
    """Cast one text column to its declared type; blanks are nulls, whether they were quoted or not."""
    value: Expression = FunctionExpression("nullif", ColumnExpression(column), ConstantExpression(""))
    type_ = _TYPES.get(column.lower(), "VARCHAR")
    if type_.startswith("MAP"):
        value = value.cast("JSON")
    return value.cast(type_).alias(column)
