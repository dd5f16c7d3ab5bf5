"""Rows for the tables that recommendations read, given by the columns that matter to a test."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from costsieve.contracts import catalog
from costsieve.warehouse import Connection, Warehouse

_BLANKS: dict[str, Any] = {
    "VARCHAR": "",
    "INTEGER": 0,
    "BIGINT": 0,
    "BOOLEAN": False,
    "DOUBLE": 0.0,
    "DATE": date(2026, 9, 30),
    "TIMESTAMP": datetime(2026, 9, 30),  # noqa: DTZ001 - the warehouse's timestamps are UTC and carry no zone
    "DECIMAL(38,12)": Decimal(0),
    "DECIMAL(18,2)": Decimal(0),
}


def insert(connection: Connection, table_name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows; required columns that a row leaves out get a blank of their type."""
    table = catalog.BY_NAME[table_name]
    blanks = {column.name: _BLANKS[column.type] for column in table.columns if not column.nullable}
    frame = pl.DataFrame([{**blanks, **row} for row in rows], infer_schema_length=None)
    connection.register("given_rows", frame)
    if table in catalog.VIEWS:
        connection.execute(f"CREATE TABLE {table_name} AS SELECT * FROM given_rows")
    else:
        connection.execute(f"INSERT INTO {table_name} BY NAME SELECT * FROM given_rows")
    connection.unregister("given_rows")


@pytest.fixture
def connection(warehouse: Warehouse) -> Iterator[Connection]:
    with warehouse.connect() as opened:
        yield opened
