"""How this command line was called, so that the commands it advises can be pasted. No command is implemented here."""

import os
import shlex
import shutil
import sys
from pathlib import Path

from costsieve.cli.options import DEFAULT_CONFIG

CALLED = "COSTSIEVE_CALLED"
"""Environment variable that hands `called` on to the process of the night."""


def called(config: Path) -> str:
    """Return the program as it was typed and the configuration it was given, with {} in the place of a command's name."""
    typed = Path(sys.argv[0])
    program = typed.name if shutil.which(typed.name) == str(typed) else str(typed)
    given = "" if config == DEFAULT_CONFIG else f" --config {shlex.quote(str(config))}"
    return f"{shlex.quote(program)} {{}}{given}"


def command(name: str) -> str:
    """Return how one command is called after a night: `.venv/bin/costsieve sql --config .demo/costsieve.yaml`."""
    return os.environ.get(CALLED, "costsieve {}").replace("{}", name, 1)
