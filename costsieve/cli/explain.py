"""`costsieve explain`: how a finding came about. The arithmetic is in costsieve.findings.explain."""

from typing import Annotated

import typer

from costsieve.cli.options import DEFAULT_CONFIG, Config, Format, OutputFormat
from costsieve.cli.rows import print_rows
from costsieve.findings.explain import explain as explain_finding
from costsieve.home import Home
from costsieve.reports.limits import TEXT_SHOWN
from costsieve.reports.visible_text import shortened, visible
from costsieve.settings import load_settings
from costsieve.warehouse import open_published


def explain(
    finding: Annotated[str, typer.Argument(help="Id of a finding, or the beginning of one; or the id or name of a resource.")],
    config: Config = DEFAULT_CONFIG,
    output_format: OutputFormat = Format.TABLE,
) -> None:
    """Show the bill rows, the metrics, the thresholds and the arithmetic behind a finding, to the cent.

    With --format csv, json or parquet: the bill rows alone, for a spreadsheet or a program.
    """
    with open_published(Home(load_settings(config).home).published_warehouse) as connection:
        explanation = explain_finding(connection, finding)
    if output_format is Format.TABLE:
        shown = [*(shortened(line, TEXT_SHOWN) for line in explanation.lines()), *explanation.remedy_lines()]
        typer.echo("\n".join(visible(line) for line in shown))
    else:
        print_rows(explanation.bill_rows, output_format)
