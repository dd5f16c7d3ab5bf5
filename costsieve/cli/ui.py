"""`costsieve ui`: the Dagster UI with the schedule's daemon, on loopback. Definitions are in pipelines/."""

from typing import Annotated

import typer

from costsieve.cli.night import become_orchestrator
from costsieve.cli.options import DEFAULT_CONFIG, Config
from costsieve.settings import load_settings


def ui(
    config: Config = DEFAULT_CONFIG,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Open the Dagster UI: lineage, runs, checks, and the nightly schedule (switch it on there)."""
    load_settings(config)
    become_orchestrator(config, "pipelines.ui", "--port", str(port))
