"""Print rows as a table, CSV, JSON or Parquet. Reports have their own renderers: see costsieve.reports."""

import json
import sys
from decimal import Decimal
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from costsieve.cli.options import Format
from costsieve.errors import ConfigurationError
from costsieve.reports.visible_text import visible


def print_rows(frame: pl.DataFrame, output_format: Format) -> None:
    """Write ``frame`` to standard output; raises ConfigurationError for Parquet on a terminal."""
    if output_format is Format.TABLE:
        _print_table(frame)
    elif output_format is Format.CSV:
        frame.select(_as_text(frame)).write_csv(sys.stdout.buffer)
    elif output_format is Format.JSON:
        sys.stdout.write(json.dumps(frame.to_dicts(), default=_json_text, indent=2) + "\n")
    elif sys.stdout.isatty():
        message = "Parquet is binary: redirect it to a file, for example `costsieve sql ... --format parquet > rows.parquet`."
        raise ConfigurationError(message)
    else:
        frame.write_parquet(sys.stdout.buffer)


def _print_table(frame: pl.DataFrame) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, data_type in frame.schema.items():
        table.add_column(name, justify="right" if data_type.is_numeric() else "left", overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*(Text(_shown(value)) for value in row))
    console = Console(width=None if sys.stdout.isatty() else 10_000)
    console.print(table)


def _shown(value: Any) -> str:  # noqa: ANN401 - a cell may hold any type
    if value is None:
        return ""
    if isinstance(value, Decimal):
        places = max(2, -int(value.normalize().as_tuple().exponent)) if value else 2
        return f"{value:,.{places}f}"
    return "\n".join(visible(line) for line in str(value).split("\n"))


def _as_text(frame: pl.DataFrame) -> list[pl.Expr]:
    """Nested columns become JSON text: CSV has no other way to hold them."""
    return [
        pl.col(name).map_elements(lambda value: json.dumps(_plain(value), default=_json_text), return_dtype=pl.String)
        if data_type.is_nested()
        else pl.col(name)
        for name, data_type in frame.schema.items()
    ]


def _json_text(value: object) -> str:
    """A DECIMAL keeps its digits as text, since a JSON number may lose them in the reader."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell may hold any type
    return value.to_list() if isinstance(value, pl.Series) else value
