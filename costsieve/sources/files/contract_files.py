"""Rows of a collector -> one Parquet file with exactly the columns of a contract. What the rows say is the collector's business."""

from collections.abc import Mapping, Sequence
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


def write_rows(table: Table, rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write the rows to ``path``; a column that a row does not name is null, a name that the contract lacks is a ValueError."""
    unknown = {name for row in rows for name in row} - set(table.column_names)
    if unknown:
        message = f"{table.full_name} has no column {', '.join(sorted(unknown))}"
        raise ValueError(message)
    schema = pa.schema([pa.field(column.name, _ARROW_TYPES[column.type], nullable=column.nullable) for column in table.columns])
    columns = [pa.array([row.get(field.name) for row in rows], field.type) for field in schema]
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), path)
