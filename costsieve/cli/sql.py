"""`costsieve sql`: ask the published file. It never opens the file that a night is writing."""

import sys
from typing import Annotated

import duckdb
import polars as pl
import typer

from costsieve.cli.options import DEFAULT_CONFIG, Config, Format, OutputFormat
from costsieve.cli.rows import print_rows
from costsieve.errors import ConfigurationError
from costsieve.home import Home
from costsieve.settings import load_settings
from costsieve.warehouse import Connection, open_published


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
        frame = _answer(connection, text)
    print_rows(frame, output_format)


def _answer(connection: Connection, text: str) -> pl.DataFrame:
    try:
        relation = connection.sql(text)
        frame: pl.DataFrame | None = relation.pl() if relation is not None else None
    except duckdb.Error as error:
        message = f"the statement cannot be run: {error}"
        raise ConfigurationError(message) from error
    except pl.exceptions.PolarsError as error:
        message = f"the answer cannot be shown: {str(error).partition(' Hint')[0]}. Cast the column to VARCHAR."
        raise ConfigurationError(message) from error
    if frame is None:
        message = "the statement returns no rows: give one SELECT, or `-` to read it from standard input."
        raise ConfigurationError(message)
    return frame
