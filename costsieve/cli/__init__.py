"""The command line `costsieve`. Each command is one file; what a command does lives in the stages, not here."""

import sys

from costsieve.cli.application import application
from costsieve.errors import CostsieveError


def main() -> None:
    """Run the command line; an expected error is one message and an exit code, never a traceback."""
    try:
        application()
    except CostsieveError as error:
        sys.stderr.write(f"costsieve: {error}\n")
        sys.exit(error.exit_code)
