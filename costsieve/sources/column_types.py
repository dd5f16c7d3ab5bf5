"""Whether the columns of a delivered Parquet file can be read under their declared types. Files converted here always can."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb.sqltypes import VARCHAR

from costsieve.contracts import raw
from costsieve.errors import UnreadableExport
from costsieve.sources.aws.cur_columns import REPORT_MAPS
from costsieve.sources.focus.values import NULL_TEXT, read_value

_TYPES: dict[str, dict[str, str]] = {
    "aws_cur": {column.name: column.type for column in raw.AWS_CUR.columns} | REPORT_MAPS,
    "focus": {column.name.lower(): column.type for column in raw.FOCUS.columns},
}
_ACCOUNTS = {"bill_payer_account_id", "line_item_usage_account_id", "billingaccountid", "subaccountid"}
SHOWN = 60
"""Characters of an unreadable value that a message shows."""


def require_types(connection: duckdb.DuckDBPyConnection, source_type: str, path: Path, shown_as: str) -> None:
    """Raise UnreadableExport, naming file and column, where a bill's column has a type that loses or cannot hold what is declared.

    Text passes for numbers, times and maps when every value of it can be read as such: a month without a single value is often typed so.
    """
    if source_type not in _TYPES:
        return
    declared = _TYPES[source_type]
    for field in pq.read_schema(path):
        if field.name.lower() not in declared:
            continue
        problem = next(_problems(connection, path, field, declared[field.name.lower()]), None)
        if problem:
            message = f"{shown_as}: column {field.name} {problem}. Deliver the file again; nothing of this delivery was loaded."
            raise UnreadableExport(message)


def _problems(connection: duckdb.DuckDBPyConnection, path: Path, field: pa.Field, declared: str) -> Iterator[str]:
    if field.name.lower() in _ACCOUNTS and is_number(field.type):
        yield f"holds {field.type} instead of text, so leading zeros of account ids are lost"
    if declared == "VARCHAR" or pa.types.is_null(field.type):
        return
    if is_text(field.type):
        value = _unreadable(connection, path, field.name, declared)
        if value is not None:
            yield f"holds {value[:SHOWN]!r}, which is not {in_words(declared)}"
    elif not holds(field.type, declared):
        yield f"holds {field.type} instead of {in_words(declared)}"


def holds(delivered: pa.DataType, declared: str) -> bool:
    """Tell whether a type that is no text can hold what is declared."""
    if declared.startswith("DECIMAL"):
        return is_number(delivered)
    if declared == "TIMESTAMP":
        return bool(pa.types.is_timestamp(delivered) or pa.types.is_date(delivered))
    # Other providers of FOCUS write their tags as records or as lists of labels.
    return bool(pa.types.is_map(delivered) or pa.types.is_list(delivered) or pa.types.is_struct(delivered))


def is_text(delivered: pa.DataType) -> bool:
    """Tell whether a type is text, which may hold anything."""
    return bool(pa.types.is_string(delivered) or pa.types.is_large_string(delivered))


def is_number(delivered: pa.DataType) -> bool:
    """Tell whether a type is of numbers; true and false are none."""
    return bool(pa.types.is_integer(delivered) or pa.types.is_floating(delivered) or pa.types.is_decimal(delivered))


def _unreadable(connection: duckdb.DuckDBPyConnection, path: Path, name: str, declared: str) -> str | None:
    """Return one text that cannot be read as ``declared``; None when all can."""
    quoted = '"' + name.replace('"', '""') + '"'
    condition = _cannot_be_read(quoted, name.lower(), declared)
    unreadable = f"SELECT {quoted} FROM read_parquet($file, hive_partitioning = false) WHERE {condition} LIMIT 1"  # noqa: S608 - a column cannot be bound
    found = connection.execute(unreadable, {"file": str(path)}).fetchone()
    return None if found is None else str(found[0])


def _cannot_be_read(quoted: str, name: str, declared: str) -> str:
    if name in _TYPES["focus"]:
        return f"{quoted} NOT IN ('', '{NULL_TEXT}') AND TRY({read_value(quoted, VARCHAR, declared)}) IS NULL"
    read = f"CAST(TRY_CAST({quoted} AS JSON) AS {declared})" if declared.startswith("MAP") else f"TRY_CAST({quoted} AS {declared})"
    return f"{quoted} <> '' AND {read} IS NULL"


def in_words(declared: str) -> str:
    """Name what a declared type holds, for a message."""
    if declared.startswith("DECIMAL"):
        return "a number"
    return "a time" if declared == "TIMESTAMP" else "a map"
