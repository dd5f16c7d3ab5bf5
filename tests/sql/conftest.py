"""Tables of the contracts without constraints, so that a case names only the columns it is about."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pytest

from costsieve.contracts import catalog
from costsieve.contracts.charges import CHARGES
from costsieve.core.charges import create_charges_view
from costsieve.core.derived import create_instance_charges_view
from costsieve.core.gcp_commitments import create_commitment_views
from costsieve.warehouse import Connection


@pytest.fixture
def connection() -> Iterator[Connection]:
    """Every contract table, the raw views as tables, and core.charges over them."""
    with duckdb.connect() as opened:
        opened.execute("SET TimeZone = 'UTC'")
        for table in catalog.BY_NAME.values():
            opened.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
            columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
            if table is not CHARGES:
                opened.execute(f"CREATE TABLE {table.full_name} ({columns})")
        create_charges_view(opened)
        create_instance_charges_view(opened)
        create_commitment_views(opened)
        yield opened


def insert(connection: Connection, table_name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; a column that a row does not name is null."""
    for row in rows:
        columns = ", ".join(f'"{column}"' for column in row)
        values = ", ".join("?" for _ in row)
        connection.execute(f"INSERT INTO {table_name} ({columns}) VALUES ({values})", [_typed(value) for value in row.values()])


def _typed(value: object) -> object:
    """A YAML mapping is a MAP column here, not a struct."""
    return {"key": list(value), "value": list(value.values())} if isinstance(value, dict) else value
