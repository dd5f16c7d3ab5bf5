"""`costsieve sql`: ask the published file. It never opens the file that a night is writing."""

import sys
from typing import Annotated

import duckdb
import typer

from costsieve.cli.options import DEFAULT_CONFIG, Config, Format, OutputFormat
from costsieve.cli.rows import print_rows
from costsieve.errors import ConfigurationError
from costsieve.home import Home
from costsieve.settings import load_settings
from costsieve.warehouse import open_published, query


def sql(
    statement: Annotated[str, typer.Argument(help="A SELECT; `-` reads it from standard input.")],
    config: Config = DEFAULT_CONFIG,
    output_format: OutputFormat = Format.TABLE,
) -> None:
    """Run one SELECT on the published warehouse, also while a night is running.

    Start with: costsieve sql "SELECT * FROM results.plan ORDER BY as_of DESC, step LIMIT 10"
    """
    text = sys.stdin.read() if statement == "-" else statement
    with open_published(Home(load_settings(config).home).published_warehouse) as connection:
        try:
            frame = query(connection, text)
        except (duckdb.Error, AttributeError) as error:
            message = f"the statement cannot be run: {error}"
            raise ConfigurationError(message) from error
    print_rows(frame, output_format)
