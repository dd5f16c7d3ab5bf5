"""The DuckDB file of a night: connections, contract tables, all-or-nothing changes. No model or rule is known here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from costsieve.contracts import catalog
from costsieve.contracts.table import Table
from costsieve.errors import CostsieveError
from costsieve.home import Home

Connection = duckdb.DuckDBPyConnection

NO_SPACE = "No space left on device"
"""What the system says of a full disk, wherever it is said."""


class Warehouse:
    """The work file of one home. One process writes it at a time; readers use the published copy."""

    def __init__(self, home: Home, memory_limit: str = "1200MB") -> None:
        """Remember where the file is; nothing is opened yet."""
        self.home = home
        self._memory_limit = memory_limit

    @contextmanager
    def reserved(self) -> Iterator[None]:
        """Keep every other night out, also between two connections; the operating system ends it with the process.

        Raises CostsieveError when another night is running: their steps would mix, since the tables in between hold one night.
        """
        path = self.home.work_warehouse.with_name("night.lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as lock:
            try:
                flock(lock, LOCK_EX | LOCK_NB)
            except BlockingIOError as error:
                message = f"another night is running in {self.home.root}. Wait for it to end, or stop it, then run this night again."
                raise CostsieveError(message) from error
            yield

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Open the file with all contract tables present.

        Raises CostsieveError when another night holds the file, when it is damaged, and when the disk is full.
        """
        connection = self._open()
        try:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET enable_progress_bar = false")
            create_contract_tables(connection)
            yield connection
        finally:
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open the file for one all-or-nothing change."""
        with self.connect() as connection:
            connection.begin()
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Run one SELECT and return its rows."""
        with self.connect() as connection:
            return query(connection, sql, parameters)

    def _open(self) -> Connection:
        path = self.home.work_warehouse
        path.parent.mkdir(parents=True, exist_ok=True)
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": self._memory_limit,
            "temp_directory": str(self.home.spill),
            "preserve_insertion_order": "false",
        }
        try:
            return duckdb.connect(str(path), config=config)
        except duckdb.Error as error:
            raise _refusal(path, error, self._how_to_restore()) from error

    def _how_to_restore(self) -> str:
        path, published = self.home.work_warehouse, self.home.published_warehouse
        if published.is_file():
            return f"Remove it and {path}.wal, copy {published} to its place, which has all that was published, and run the night again."
        return f"Remove it and {path}.wal, and run the night again: everything is read anew."


def create_contract_tables(connection: Connection) -> None:
    """Create every schema and table of the contracts that is not there yet, all or none."""
    present = {tuple(row) for row in connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()}
    if all((table.schema, table.name) in present for table in catalog.TABLES):
        return
    connection.begin()
    for table in catalog.BY_NAME.values():
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
    for table in catalog.TABLES:
        connection.execute(table.ddl())
    connection.commit()


def query(connection: Connection, sql: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
    """Run one SELECT on an open connection and return its rows; DECIMAL stays Decimal."""
    relation = connection.sql(sql, params=dict(parameters) if parameters else None)
    frame: pl.DataFrame = relation.pl()
    return frame


def replace_rows(
    connection: Connection,
    table: Table,
    select: str,
    parameters: Mapping[str, Any] | None = None,
    where: Mapping[str, Any] | None = None,
) -> int:
    """Delete the rows whose columns equal ``where`` (all rows if empty), insert ``select`` by column name, return its row count.

    Run it inside a transaction. ``select`` may read a Polars frame that was registered on the connection.
    """
    condition = " AND ".join(f'"{column}" = ${column}' for column in where or {})
    connection.execute(f"DELETE FROM {table.full_name}" + (f" WHERE {condition}" if condition else ""), dict(where or {}) or None)
    inserted = connection.execute(f"INSERT INTO {table.full_name} BY NAME {select}", dict(parameters or {}) or None).fetchone()
    return int(inserted[0]) if inserted else 0


def replace_frame(connection: Connection, table: Table, frame: pl.DataFrame, where: Mapping[str, Any] | None = None) -> int:
    """Like replace_rows, for rows that are already a Polars frame."""
    connection.register("incoming_rows", frame)
    try:
        return replace_rows(connection, table, "SELECT * FROM incoming_rows", None, where)
    finally:
        connection.unregister("incoming_rows")


def open_published(path: Path, memory_limit: str = "1200MB") -> Connection:
    """Open the published file for reading; raises CostsieveError when no night has published yet, and when the file is damaged."""
    if not path.is_file():
        message = f"{path} does not exist: no night has published yet. Run `costsieve night` (or `costsieve demo`) first."
        raise CostsieveError(message)
    try:
        return duckdb.connect(str(path), read_only=True, config={"memory_limit": memory_limit})
    except duckdb.Error as error:
        raise _refusal(path, error, "Remove it and run `costsieve night`: the night publishes it anew.") from error


def _refusal(path: Path, error: duckdb.Error, how_to_restore: str) -> Exception:
    """Say in our words why DuckDB does not open a file; a mistake of ours stays its own."""
    if isinstance(error, duckdb.ConnectionException):
        return error
    said = str(error).splitlines()[0].rstrip(".!")
    if "Could not set lock" in said:
        return CostsieveError(f"{path} is in use by another night. Wait for it to end, or stop it, then run this night again. ({said})")
    if NO_SPACE in said:
        return CostsieveError(f"no space is left for {path}: free some, then try again. ({said})")
    return CostsieveError(f"{path} is damaged, or is no DuckDB file ({said}). {how_to_restore}")
