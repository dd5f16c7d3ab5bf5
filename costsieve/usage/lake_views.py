"""Views over landed utilization, inventory and object files. The bill has its own: see costsieve.core.raw_views."""

from costsieve.contracts import raw, usage
from costsieve.contracts.table import Column, Table
from costsieve.home import Home
from costsieve.warehouse import Connection

_DELIVERED_AS: tuple[tuple[Table, str], ...] = (
    (usage.UTILIZATION, "utilization"),
    (raw.INVENTORY, "inventory"),
    (raw.STORED_OBJECTS, "s3_inventory"),
    (raw.OBJECT_READS, "s3_reads"),
)


def create_lake_views(connection: Connection, home: Home) -> None:
    """Create usage.resource_hour and the raw.* views of inventories and objects over the current loads.

    A source type without loads gives an empty view, so that everything after it runs and finds nothing measured.
    """
    for view, source_type in _DELIVERED_AS:
        files = current_files(connection, home, source_type)
        connection.execute(f"CREATE OR REPLACE VIEW {view.full_name} AS {_select(connection, view.columns, files)}")


def current_files(connection: Connection, home: Home, source_type: str) -> list[str]:
    """Return the absolute paths of the current versions' files of one source type."""
    rows = connection.execute(
        "SELECT unnest(files) AS file FROM meta.loads WHERE is_current AND source_type = $source_type ORDER BY file",
        {"source_type": source_type},
    ).fetchall()
    return [str(home.root / file) for (file,) in rows]


def _select(connection: Connection, columns: tuple[Column, ...], files: list[str]) -> str:
    if not files:
        empty = ", ".join(f'NULL::{column.type} AS "{column.name}"' for column in columns)
        return f"SELECT {empty} WHERE false"
    paths = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    scan = (
        f"read_parquet([{paths}], union_by_name = true, hive_partitioning = true, "
        "hive_types = {'source': VARCHAR, 'period': VARCHAR, 'version': VARCHAR})"
    )
    present = {row[0].lower() for row in connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()}
    selected = ", ".join(_projection(column, present) for column in columns)
    return f"SELECT {selected} FROM {scan}"


def _projection(column: Column, present: set[str]) -> str:
    delivered = {"x_source": "source", "x_period": "period"}.get(column.name, column.name)
    value = f'"{delivered}"' if delivered in present else "NULL"
    return f'CAST({value} AS {column.type}) AS "{column.name}"'
