"""`costsieve night`: run one night. The night itself is defined in pipelines/, which the library does not import."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import typer

from costsieve.cli.options import DEFAULT_CONFIG, AsOf, Config, night_of
from costsieve.errors import ConfigurationError
from costsieve.settings import load_settings


def night(config: Config = DEFAULT_CONFIG, as_of: AsOf = None) -> None:
    """Run one night: load what changed, check it, find waste, write the report, publish."""
    load_settings(config)
    raise typer.Exit(run_night(config, night_of(as_of)))


def run_night(config: Path, as_of: date) -> int:
    """Run the nightly job in a process of its own; returns its exit code (0 done, 1 failed, 3 blocked by a check)."""
    command = [sys.executable, "-m", "pipelines.night", "--as-of", as_of.isoformat()]
    return subprocess.run(command, check=False, cwd=checkout(), env=orchestrator_environment(config)).returncode  # noqa: S603 - our own module


def orchestrator_environment(config: Path) -> dict[str, str]:
    """Return the environment that tells the orchestrator which configuration to use."""
    return {**os.environ, "COSTSIEVE_CONFIG": str(config.resolve())}


def checkout() -> Path:
    """Return the folder with pipelines/ and assets/: the wheel holds the library only.

    Raises ConfigurationError outside a checkout.
    """
    folder = Path(__file__).parents[2]
    if not (folder / "pipelines").is_dir():
        message = f"{folder} has no pipelines/ folder: nights and the UI run from a checkout, or an image made of one."
        raise ConfigurationError(message)
    return folder
