"""Tables of the contracts to put bad rows into: nothing is refused, so that the checks have something to find."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pytest

from costsieve.contracts import catalog
from costsieve.contracts.table import Table
from costsieve.warehouse import Connection


@pytest.fixture
def connection() -> Iterator[Connection]:
    """Every table and view of the contracts, empty, without constraints."""
    with duckdb.connect() as opened:
        opened.execute("SET TimeZone = 'UTC'")
        for table in catalog.BY_NAME.values():
            opened.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
            opened.execute(_unconstrained(table))
        yield opened


def insert(connection: Connection, table_name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; a column that a row does not name is null."""
    for row in rows:
        columns = ", ".join(f'"{column}"' for column in row)
        values = ", ".join("?" for _ in row)
        connection.execute(f"INSERT INTO {table_name} ({columns}) VALUES ({values})", list(row.values()))


def _unconstrained(table: Table) -> str:
    columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    return f"CREATE TABLE {table.full_name} ({columns})"
