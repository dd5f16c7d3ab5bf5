"""`costsieve export`: the published bills for other tools. What the rows are made of is in costsieve.exports."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from costsieve.cli.options import DEFAULT_CONFIG, Config
from costsieve.exports.focus import FileFormat, export_focus, format_of
from costsieve.exports.selection import Selection
from costsieve.home import Home
from costsieve.reports.wording import counted
from costsieve.settings import load_settings


class Standard(StrEnum):
    """What other tools read."""

    FOCUS = "focus"


def export(  # noqa: PLR0913 - one for each option
    standard: Annotated[Standard, typer.Argument(help="What to write: focus, which is FOCUS 1.2.")],  # noqa: ARG001 - there is one so far
    output: Annotated[
        Path, typer.Option("--output", help="A new folder, one file per billing month; or a file ending in .parquet or .csv.")
    ],
    config: Config = DEFAULT_CONFIG,
    *,
    file_format: Annotated[FileFormat | None, typer.Option("--format", help="Parquet if left out.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="YYYY-MM", help="First billing month.")] = None,
    period: Annotated[list[str] | None, typer.Option("--period", metavar="YYYY-MM", help="A billing month; may be repeated.")] = None,
    provider: Annotated[list[str] | None, typer.Option("--provider", help="AWS, GCP, ...; may be repeated.")] = None,
) -> None:
    """Write the published bills for other cost tools, to the last decimal and with the same columns for every provider."""
    selection = Selection(since, tuple(period or ()), tuple(provider or ()))
    for written in export_focus(Home(load_settings(config).home), output, format_of(output, file_format), selection):
        typer.echo(f"{written.path}  {counted(written.rows, 'row')}")
