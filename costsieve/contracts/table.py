"""What a table contract is, and the DDL, Polars schema and documentation that follow from it. No table is defined here."""

from dataclasses import dataclass, field
from typing import Any

import polars as pl

_POLARS_TYPES: dict[str, Any] = {
    "VARCHAR": pl.String,
    "BOOLEAN": pl.Boolean,
    "INTEGER": pl.Int32,
    "BIGINT": pl.Int64,
    "DOUBLE": pl.Float64,
    "DATE": pl.Date,
    "TIMESTAMP": pl.Datetime("us"),
    "VARCHAR[]": pl.List(pl.String),
    "DECIMAL(38,12)": pl.Decimal(38, 12),
    "DECIMAL(18,2)": pl.Decimal(18, 2),
}


@dataclass(frozen=True)
class Column:
    """One column: ``type`` is DuckDB's, ``unit`` is free text such as ``USD`` or ``hours``."""

    name: str
    type: str
    description: str
    unit: str | None = None
    nullable: bool = True
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: its grain says in words what one row is; ``key`` are the columns that identify it."""

    schema: str
    name: str
    description: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = field(default=())

    @property
    def full_name(self) -> str:
        """``schema.table``, as SQL names it."""
        return f"{self.schema}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    def ddl(self) -> str:
        """Return the statement that creates the table if it is absent."""
        body = ",\n    ".join(f'"{c.name}" {c.type}{"" if c.nullable else " NOT NULL"}' for c in self.columns)
        return f"CREATE TABLE IF NOT EXISTS {self.full_name} (\n    {body}\n)"

    def polars_schema(self) -> dict[str, Any]:
        """Return the Polars types of the columns; raises KeyError for types that only DuckDB reads (MAP, STRUCT)."""
        return {column.name: _POLARS_TYPES[column.type] for column in self.columns}

    def markdown(self) -> str:
        """Return the table's section of the data model page."""
        rows = [f"| `{c.name}` | {c.type} | {c.unit or ''} | {'yes' if c.nullable else 'no'} | {c.description} |" for c in self.columns]
        head = ["| column | type | unit | may be null | meaning |", "| --- | --- | --- | --- | --- |"]
        return "\n".join([f"## `{self.full_name}`", "", self.description, "", f"One row per {self.grain}.", "", *head, *rows])
