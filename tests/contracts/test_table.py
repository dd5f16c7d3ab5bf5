"""A contract gives the DDL, the Polars schema and the documentation, and they agree."""

import duckdb
import polars as pl
import pytest

from costsieve.contracts import catalog
from costsieve.contracts.table import Table

TABLES = list(catalog.BY_NAME.values())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_duckdb_accepts_the_contract(table: Table) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
        connection.execute(table.ddl())
        described = connection.execute(f"DESCRIBE {table.full_name}").fetchall()

    assert [(name, type_, null == "YES") for name, type_, null, *_ in described] == [(c.name, c.type, c.nullable) for c in table.columns]


@pytest.mark.parametrize("table", [t for t in TABLES if not any(c.type.startswith("MAP") for c in t.columns)], ids=lambda t: t.full_name)
def test_polars_reads_the_table_with_the_types_of_the_contract(table: Table) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
        connection.execute(table.ddl())
        frame: pl.DataFrame = connection.sql(f"SELECT * FROM {table.full_name}").pl()

    assert dict(frame.schema) == table.polars_schema()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_a_key_is_made_of_columns(table: Table) -> None:
    assert set(table.key) <= set(table.column_names)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_every_column_says_what_it_means(table: Table) -> None:
    assert all(column.description for column in table.columns)
