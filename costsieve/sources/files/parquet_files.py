"""What the footer of a delivered Parquet file says: rows and columns. No column values are read here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from costsieve.errors import UnreadableExport

_MAGIC = b"PAR1"


@dataclass(frozen=True)
class Footer:
    """``columns`` are lower-case paths: ``cost``, ``invoice.month``, ``credits.amount`` for a field inside a list of records."""

    row_count: int
    columns: frozenset[str]


def read_footer(path: Path, shown_as: str) -> Footer:
    """Read one footer; raises UnreadableExport, naming the file as ``shown_as``, when there is none."""
    try:
        with pq.ParquetFile(path) as file:
            return Footer(file.metadata.num_rows, frozenset(_column_paths(file.schema_arrow, "")))
    except (pa.ArrowException, OSError) as error:
        message = f"{shown_as} {_reason(path)} Deliver it again; nothing of this delivery was loaded."
        raise UnreadableExport(message) from error


def _reason(path: Path) -> str:
    with path.open("rb") as file:
        beginning = file.read(16)
    if beginning.startswith(_MAGIC):
        return f"is a truncated Parquet file: {path.stat().st_size} bytes were delivered and the footer is missing or damaged."
    return f"is not a Parquet file: it begins with {beginning!r}."


def _column_paths(fields: pa.Schema | pa.StructType, parent: str) -> Iterator[str]:
    for field in fields:
        name = parent + field.name.lower()
        yield name
        type_ = field.type
        while pa.types.is_list(type_) or pa.types.is_large_list(type_):
            type_ = type_.value_type
        if pa.types.is_struct(type_):
            yield from _column_paths(type_, f"{name}.")
