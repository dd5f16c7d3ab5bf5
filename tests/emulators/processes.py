"""Starts a server of a test on loopback and stops that one process. What the server speaks is not known here."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_START_SECONDS = 60


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_server(command: Sequence[str], port: int, log: Path, variables: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run a command, with ``variables`` added to the environment, until the block ends; enter the block when its port answers."""
    environment = {**os.environ, **(variables or {})}
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment) as process:
        try:
            _wait_until_listening(process, port, log)
            yield
        finally:
            process.terminate()
            process.wait()


def _wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(_START_SECONDS * 10):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    message = f"the server did not start:\n{log.read_text(errors='replace')}"
    raise RuntimeError(message)
