"""`costsieve night`: run one night. The night itself is defined in pipelines/, which the library does not import."""

import os
import signal
import sys
from datetime import date
from pathlib import Path
from typing import NoReturn

from costsieve.cli.configuration import load_configuration
from costsieve.cli.invocation import CALLED, called
from costsieve.cli.options import DEFAULT_CONFIG, AsOf, Config, night_of
from costsieve.errors import ConfigurationError


def night(config: Config = DEFAULT_CONFIG, as_of: AsOf = None) -> None:
    """Run one night: load what changed, check it, find waste, write the report, publish."""
    load_configuration(config)
    become_night(config, night_of(as_of))


def become_night(config: Path, as_of: date) -> NoReturn:
    """Continue as the nightly job; its exit code is 0 done, 1 failed, 3 blocked by a check, 130 interrupted.

    Ctrl-C waits for the moment in which the job can answer it.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    become_orchestrator(config, "pipelines.night", "--as-of", as_of.isoformat())


def become_orchestrator(config: Path, module: str, *arguments: str) -> NoReturn:
    """Continue as one of the modules of pipelines/ in this very process, so that a signal to it reaches the work.

    Raises ConfigurationError outside a checkout: the wheel holds the library only.
    """
    environment = {**os.environ, "COSTSIEVE_CONFIG": str(config.resolve()), CALLED: called(config)}
    os.chdir(_checkout())
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", module, *arguments], environment)  # noqa: S606 - our own module, no shell


def _checkout() -> Path:
    folder = Path(__file__).parents[2]
    if not (folder / "pipelines").is_dir():
        message = f"{folder} has no pipelines/ folder: nights and the UI run from a checkout, or an image made of one."
        raise ConfigurationError(message)
    return folder
