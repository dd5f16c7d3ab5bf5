"""In-memory DuckDB for reading and converting delivered files. The warehouse is not touched here."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

_MEMORY_LIMIT = "1GB"
_THREADS = 4
"""Writing Parquet buffers one row group of every column per thread: more threads would need more memory than the night may use."""


@contextmanager
def scratch_connection(spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a bounded connection that spills into the folder ``spill``."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY_LIMIT,
        "temp_directory": str(spill),
        "preserve_insertion_order": "false",
    }
    connection = duckdb.connect(config=config)
    try:
        threads = connection.execute("SELECT least($most, CAST(current_setting('threads') AS BIGINT))", {"most": _THREADS}).fetchone()
        connection.execute("SET threads = $threads", {"threads": threads[0] if threads else 1})
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    finally:
        connection.close()
