"""Whether the records in a delivered Parquet file of Google can be read under their declared types. Flat bills: column_types.

Files converted here and answers of BigQuery always can; files that somebody wrote anew with other tools may not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb.sqltypes import DuckDBPyType

from costsieve.errors import UnreadableExport
from costsieve.sources.column_types import SHOWN, holds, in_words, is_number, is_text
from costsieve.sources.gcp.columns import BILLING, PRICING

_EXPORTS = {export.source_type: export for export in (BILLING, PRICING)}
_ACCOUNTS = {"billing_account_id"}


@dataclass(frozen=True)
class _Value:
    """One field as it was delivered, with the SQL that reads it."""

    name: str
    type: pa.DataType
    sql: str


def require_record_types(connection: duckdb.DuckDBPyConnection, source_type: str, path: Path, shown_as: str) -> None:
    """Raise UnreadableExport, naming file and field, where a field has a type that loses or cannot hold what is declared.

    Text passes for numbers and times when every value of it can be read as such. Fields that are not declared are not looked at.
    """
    if source_type not in _EXPORTS:
        return
    declared = _EXPORTS[source_type].columns
    for field in pq.read_schema(path):
        if field.name in declared:
            delivered = _Value(field.name, field.type, f'"{field.name}"')
            problem = next(_problems(connection, path, delivered, DuckDBPyType(declared[field.name])), None)
            if problem:
                message = f"{shown_as}: column {problem}. Deliver the file again; nothing of this delivery was loaded."
                raise UnreadableExport(message)


def _problems(connection: duckdb.DuckDBPyConnection, path: Path, delivered: _Value, declared: DuckDBPyType) -> Iterator[str]:
    if pa.types.is_null(delivered.type):
        return
    if declared.id == "list":
        yield from _problems_of_list(connection, path, delivered, declared)
    elif declared.id == "struct":
        yield from _problems_of_record(connection, path, delivered, declared)
    elif delivered.name in _ACCOUNTS and is_number(delivered.type):
        yield f"{delivered.name} holds {delivered.type} instead of text, so leading zeros of account ids are lost"
    elif declared.id in ("decimal", "timestamp"):
        yield from _problems_of_value(connection, path, delivered, str(declared))


def _problems_of_list(connection: duckdb.DuckDBPyConnection, path: Path, delivered: _Value, declared: DuckDBPyType) -> Iterator[str]:
    if not (pa.types.is_list(delivered.type) or pa.types.is_large_list(delivered.type)):
        yield f"{delivered.name} holds {delivered.type} instead of a list"
        return
    element = _Value(delivered.name, delivered.type.value_type, f"unnest({delivered.sql})")
    yield from _problems(connection, path, element, _children(declared)["child"])


def _problems_of_record(connection: duckdb.DuckDBPyConnection, path: Path, delivered: _Value, declared: DuckDBPyType) -> Iterator[str]:
    if not pa.types.is_struct(delivered.type):
        yield f"{delivered.name} holds {delivered.type} instead of a record"
        return
    children = _children(declared)
    for field in delivered.type:
        if field.name in children:
            inner = _Value(f"{delivered.name}.{field.name}", field.type, f"struct_extract({delivered.sql}, '{field.name}')")
            yield from _problems(connection, path, inner, children[field.name])


def _problems_of_value(connection: duckdb.DuckDBPyConnection, path: Path, delivered: _Value, declared: str) -> Iterator[str]:
    if not is_text(delivered.type):
        if not holds(delivered.type, declared):
            yield f"{delivered.name} holds {delivered.type} instead of {in_words(declared)}"
        return
    unreadable = f"value <> '' AND TRY_CAST(value AS {declared}) IS NULL"
    values = f"SELECT {delivered.sql} AS value FROM read_parquet($file, hive_partitioning = false)"  # noqa: S608 - names of declared fields
    found = connection.execute(f"SELECT value FROM ({values}) WHERE {unreadable} LIMIT 1", {"file": str(path)}).fetchone()  # noqa: S608
    if found is not None:
        yield f"{delivered.name} holds {str(found[0])[:SHOWN]!r}, which is not {in_words(declared)}"


def _children(declared: DuckDBPyType) -> dict[str, DuckDBPyType]:
    return {name: child for name, child in declared.children if isinstance(child, DuckDBPyType)}
