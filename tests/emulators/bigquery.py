"""BigQuery on loopback: the emulator `local-bigquery` in its own environment, made by `make setup`. No data set is made here."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.emulators.processes import free_port, running_server

ENVIRONMENT = Path(__file__).parents[2] / ".venv-bigquery"
EXTENSIONS = ("ducklake", "icu", "spatial", "fts", "vss", "inet", "postgres_scanner")
_VARIABLES = {"HOME": str(ENVIRONMENT)}


@dataclass(frozen=True)
class BigQueryEmulator:
    """Addresses of the REST API and of the Storage Read API."""

    rest: str
    storage: str


def import_extensions() -> None:
    """Put the DuckDB extensions that the emulator needs where its DuckDB looks for them; they come from packages, not from the network.

    Only the first call copies them. The emulator's home is its own environment, so that nothing is left in the user's.
    """
    imports = "; ".join(f"import_extension({name!r})" for name in EXTENSIONS)
    command = [str(ENVIRONMENT / "bin/python"), "-c", f"from duckdb_extensions import import_extension; {imports}"]
    subprocess.run(command, check=True, env={**os.environ, **_VARIABLES})


@contextmanager
def running_bigquery(folder: Path) -> Iterator[BigQueryEmulator]:
    """Run the emulator with its data in ``folder``."""
    import_extensions()
    rest, storage = free_port(), free_port()
    command = [
        str(ENVIRONMENT / "bin/local-bigquery"),
        *("--host", "127.0.0.1", "--port", str(rest), "--grpc-port", str(storage), "--data-dir", str(folder / "data")),
    ]
    with running_server(command, rest, folder / "emulator.log", _VARIABLES):
        yield BigQueryEmulator(f"http://127.0.0.1:{rest}", f"127.0.0.1:{storage}")
