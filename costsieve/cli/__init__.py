"""The command line `costsieve`. Each command is one file; what a command does lives in the stages, not here."""

import sys

from costsieve.errors import CostsieveError

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; an expected error is one message and an exit code, and so is Ctrl-C, never a traceback."""
    try:
        from costsieve.cli.application import application  # loading it takes a second, in which Ctrl-C is to be answered too

        application()
    except CostsieveError as error:
        sys.stderr.write(f"costsieve: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("\ncostsieve: interrupted.\n")
        sys.exit(_INTERRUPTED)
