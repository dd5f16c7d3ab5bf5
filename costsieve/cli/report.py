"""`costsieve report`: where the reports of a night are. Reports are written by the night: see costsieve.reports."""

from typing import Annotated

import typer

from costsieve.cli.options import DEFAULT_CONFIG, Config, night_of
from costsieve.errors import CostsieveError
from costsieve.home import Home
from costsieve.settings import load_settings


def report(
    config: Config = DEFAULT_CONFIG,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The night, YYYY-MM-DD; the newest if left out.")] = None,
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the report as Markdown instead of its path.")] = False,
) -> None:
    """Print where the latest report is, or the report itself as Markdown."""
    reports = Home(load_settings(config).home).reports
    folder = reports / night_of(as_of).isoformat() if as_of else reports / "latest"
    if not folder.is_dir():
        message = f"{folder} does not exist: no report was written for that night. `costsieve night` writes one."
        raise CostsieveError(message)
    typer.echo((folder / "report.md").read_text(encoding="utf-8") if markdown else folder / "report.html")
