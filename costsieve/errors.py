"""Every error a user can cause, each saying what to do. Not for programming mistakes: those stay plain exceptions.

CostsieveError              exit code 1
├── ConfigurationError      the configuration file or a command is wrong; exit code 2
└── SourceError             a bill, metric or inventory cannot be read
    ├── MissingExport       nothing has been delivered where the configuration points
    ├── IncompleteExport    a manifest names a file that is not there
    ├── UnreadableExport    a file is truncated or is not what its name says
    ├── MissingColumn       a required column is absent
    └── PermissionMissing   the credentials lack a permission

A blocked night is no error of its own: the failed checks tell, and the command line exits 3.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CostsieveError(Exception):
    """Base of every error that is shown to the user without a traceback."""

    exit_code = 1


class ConfigurationError(CostsieveError):
    """The configuration file or a command-line argument cannot be used as it is."""

    exit_code = 2


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Put the configuration file before what is wrong with it, where only its settings were at hand."""
    try:
        yield
    except ConfigurationError as error:
        message = f"{path}: {error}"
        raise ConfigurationError(message) from error


class SourceError(CostsieveError):
    """A source could not be read; what was loaded before stays as it was."""


class MissingExport(SourceError):
    """Nothing has been delivered at the configured location."""


class IncompleteExport(SourceError):
    """The manifest names a file that is missing or has changed since."""


class UnreadableExport(SourceError):
    """A delivered file is truncated, or is not in the format that its name says."""


class MissingColumn(SourceError):
    """A column that the cost model cannot do without is absent from the delivered files."""


class PermissionMissing(SourceError):
    """The provider refused a call; the message names the permission."""
