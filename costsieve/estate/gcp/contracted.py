"""Parquet files with exactly the columns of a contract. What the rows say is decided by the caller."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from costsieve.contracts.table import Table

_ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "TIMESTAMP": pa.timestamp("us"),
    "MAP(VARCHAR, VARCHAR)": pa.map_(pa.string(), pa.string()),
}


def write_contracted(path: Path, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows in the order and types of the contract's columns; a missing column is null."""
    schema = pa.schema([pa.field(column.name, _ARROW_TYPES[column.type]) for column in table.columns])
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path)
