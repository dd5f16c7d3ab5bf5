"""Great Expectations on an open DuckDB connection, so that nothing leaves the database. Nothing is expected here: see suites.

Importing this module imports great_expectations, which takes seconds: import it where it is used.
"""

import builtins
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Literal

import great_expectations as gx
import sqlalchemy as sa
from duckdb_engine import ConnectionWrapper
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.execution_engine import SqlAlchemyExecutionEngine

from costsieve.warehouse import Connection

_NAME = "warehouse"


class _LentConnection(ConnectionWrapper):
    """The night's own connection. SQLAlchemy may run queries on it; transactions and closing stay with its owner."""

    def begin(self) -> None:
        """Leave it to the owner."""

    def commit(self) -> None:
        """Leave it to the owner."""

    def rollback(self) -> None:
        """Leave it to the owner."""

    def close(self) -> None:
        """Leave it to the owner."""


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Keeps its connection: a DuckDB result dies with the connection that made it, and the stock engine closes it before it fetches."""

    @contextmanager
    def get_connection(self) -> Iterator[sa.Connection]:
        """Give the one connection of this engine."""
        self._connection = self._connection or self.engine.connect()
        yield self._connection


class DuckDBDatasource(SQLDatasource):
    """Registers ``add_duckdb`` with the framework, by the name of its type."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]  # the framework tells datasources apart by this narrower type

    @property
    def execution_engine_type(self) -> builtins.type[SqlAlchemyExecutionEngine]:
        """The engine that keeps its connection."""
        return DuckDBExecutionEngine


@contextmanager
def lend(connection: Connection) -> Iterator[DuckDBDatasource]:
    """Give a datasource that reads through the open ``connection``, temporary tables included."""
    context = _context()
    datasource = context.data_sources.add_or_update_duckdb(
        _NAME,
        connection_string="duckdb:///:memory:",  # decides the dialect only: the creator gives the connection
        kwargs={"creator": lambda: _LentConnection(connection), "poolclass": sa.StaticPool},
    )
    try:
        yield datasource
    finally:
        context.data_sources.delete(_NAME)


def batch_of(datasource: DuckDBDatasource, relation: str) -> Batch:
    """Return all rows of one table as a batch; ``relation`` is a name from the contracts, or of a temporary table."""
    asset = datasource.add_query_asset(relation, query=f"SELECT * FROM {relation}")  # noqa: S608 - names come from contracts
    return asset.add_batch_definition("all rows").get_batch()


@cache
def _context() -> EphemeralDataContext:
    """Return the one context of this process."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context
