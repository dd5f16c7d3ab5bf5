"""`costsieve ui`: the Dagster UI with the schedule's daemon, on loopback. Definitions are in pipelines/."""

import socket
from typing import Annotated

import typer

from costsieve.cli.night import become_orchestrator
from costsieve.cli.options import DEFAULT_CONFIG, Config
from costsieve.errors import ConfigurationError
from costsieve.settings import load_settings


def ui(
    config: Config = DEFAULT_CONFIG,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Open the Dagster UI: lineage, runs, checks, and the nightly schedule (switch it on there)."""
    load_settings(config)
    _require_free(port)
    become_orchestrator(config, "pipelines.ui", "--port", str(port))


def _require_free(port: int) -> None:
    """Raise ConfigurationError at once where the server could not listen: it would try for minutes."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            message = f"port {port} of 127.0.0.1 cannot be used: {error.strerror}. Choose another one with --port."
            raise ConfigurationError(message) from error
