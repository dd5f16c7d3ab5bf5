"""`costsieve ui`: the Dagster UI with the schedule's daemon, on loopback. Definitions are in pipelines/."""

import subprocess
import sys
from typing import Annotated

import typer

from costsieve.cli.night import checkout, orchestrator_environment
from costsieve.cli.options import DEFAULT_CONFIG, Config
from costsieve.settings import load_settings


def ui(
    config: Config = DEFAULT_CONFIG,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Open the Dagster UI: lineage, runs, checks, and the nightly schedule (switch it on there)."""
    load_settings(config)
    command = [sys.executable, "-m", "pipelines.ui", "--port", str(port)]
    raise typer.Exit(subprocess.run(command, check=False, cwd=checkout(), env=orchestrator_environment(config)).returncode)  # noqa: S603 - our own module
