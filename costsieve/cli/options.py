"""Options that several commands share. No command is implemented here."""

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from costsieve.errors import ConfigurationError


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


Config = Annotated[Path, typer.Option("--config", envvar="COSTSIEVE_CONFIG", help="The configuration file.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="The night, YYYY-MM-DD: only days before it count. Today (UTC) if left out.")
]
OutputFormat = Annotated[Format, typer.Option("--format", help="How rows are printed.")]

DEFAULT_CONFIG = Path("costsieve.yaml")


def night_of(as_of: str | None) -> date:
    """Return the date of the night; raises ConfigurationError when it is not a date."""
    if as_of is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(as_of)
    except ValueError as error:
        message = f"--as-of {as_of} is not a date; write it as YYYY-MM-DD, for example 2026-10-01."
        raise ConfigurationError(message) from error
