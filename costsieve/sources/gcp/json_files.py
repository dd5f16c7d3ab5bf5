"""JSON as BigQuery writes it -> Parquet with declared types, once, on landing. Which types is said in gcp_columns.

`bq extract` and EXPORT DATA write one object a line, leave nulls out, and put numbers of NUMERIC and INT64 into quotes. Objects over
several lines are read as well. Amounts go from text to DECIMAL without a float in between; times such as `2019-01-21 08:25:11 UTC`
become UTC.
"""

import gzip
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
from duckdb import ColumnExpression
from duckdb.sqltypes import DuckDBPyType

from costsieve.errors import MissingColumn, UnreadableExport
from costsieve.sources.gcp.columns import Export
from costsieve.sources.scratch import scratch_connection

JSON_ENDINGS = (".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")

_CHUNK_BYTES = 4 * 2**20
_LEAF = re.compile(r"DECIMAL\(\d+,\s*\d+\)|TIMESTAMP")


def convert_json(delivered: Path, target: Path, export: Export, shown_as: str) -> None:
    """Write the objects of ``delivered`` (may be gzipped) as Parquet to ``target``; an empty file gives no Parquet.

    Every column of the export is there under its declared type. Raises, naming the file as ``shown_as``, UnreadableExport when it is
    truncated, damaged, or a value is not of its type, and MissingColumn when no object has what every row of the export has.
    """
    if delivered.stat().st_size == 0:
        return
    try:
        _require_whole(delivered)
        with scratch_connection(target.parent) as connection:
            rows = _rows(connection, delivered, export.columns)
            typed = (ColumnExpression(name).cast(DuckDBPyType(type_)).alias(name) for name, type_ in export.columns.items())
            rows.select(*typed).write_parquet(str(target), compression="zstd")
            missing = _never_set(connection, target, export.always_set)
    except (gzip.BadGzipFile, EOFError, zlib.error, duckdb.Error) as error:
        reason = str(error).splitlines()[0].replace(str(delivered), delivered.name).strip().rstrip(".")
        message = f"{shown_as} is truncated, damaged or not what its name says: {reason}. Deliver it again; nothing of it was loaded."
        raise UnreadableExport(message) from error
    if missing:
        message = f"{shown_as} lacks the required column{'s' if len(missing) > 1 else ''} {', '.join(missing)}. Export the table whole."
        raise MissingColumn(message)


def json_columns(delivered: Path) -> frozenset[str]:
    """Return the names in the first object of a file; none where it cannot be read."""
    with duckdb.connect() as connection:
        try:
            first = connection.read_json(str(delivered), columns={"json": "JSON"}, records="false").limit(1)
            names = first.project("json_keys(json)").fetchall()
        except duckdb.Error:
            return frozenset()
    return frozenset(names[0][0] or ()) if names else frozenset()


def _require_whole(delivered: Path) -> None:
    """Prove the checksum of a gzipped file: a reader of its text would take a cut-off end for the end."""
    if delivered.name.endswith(".gz"):
        with gzip.open(delivered) as content:
            while content.read(_CHUNK_BYTES):
                pass


def _rows(connection: duckdb.DuckDBPyConnection, delivered: Path, columns: Mapping[str, str]) -> duckdb.DuckDBPyRelation:
    """Read every value as text: a JSON number would pass through a float, and an id such as 0044 would lose its zeros."""
    as_text = {name: _LEAF.sub("VARCHAR", type_) for name, type_ in columns.items()}
    return connection.read_json(
        str(delivered),
        columns=as_text,
        records="true",
        format="auto",
        compression="gzip" if delivered.name.endswith(".gz") else None,
    )


def _never_set(connection: duckdb.DuckDBPyConnection, converted: Path, names: Sequence[str]) -> list[str]:
    """Return the columns that no row has a value in; JSON leaves nulls out, so this is how a missing column looks."""
    counted = connection.read_parquet(str(converted)).aggregate(", ".join(["count(*)", *(f"count({name})" for name in names)])).fetchall()
    row_count, *counts = counted[0]
    return [name for name, count in zip(names, counts, strict=True) if row_count and not count]
