"""AWS on loopback: moto's server as a process of its own, spoken to by the real boto3. No service is set up here."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.emulators.processes import free_port, running_server


@contextmanager
def running_moto(log: Path) -> Iterator[str]:
    """Run the server and give its address."""
    port = free_port()
    with running_server([str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)], port, log):
        yield f"http://127.0.0.1:{port}"
