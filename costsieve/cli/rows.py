"""Print rows as a table, CSV, JSON or Parquet. Reports have their own renderers: see costsieve.reports."""

import json
import sys
from collections.abc import Iterable
from decimal import Decimal
from itertools import chain
from textwrap import indent
from typing import Any

import polars as pl
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from rich.text import Text

from costsieve.cli.options import Format
from costsieve.errors import ConfigurationError
from costsieve.reports.visible_text import shortened, visible

TABLE_ROWS = 1000
"""A table is laid out as a whole and read by a person; the other formats have every row."""

_FORMULA_START = r"^\s*[=+\-@]|^[\t\r\n]"
"""As in costsieve.reports.csv_cells, for columns of any length."""


def print_rows(frame: pl.DataFrame, output_format: Format) -> None:
    """Write ``frame`` to standard output, as a table only its first rows; raises ConfigurationError for Parquet on a terminal."""
    if output_format is Format.TABLE:
        print_table(frame, frame.height)
    else:
        print_batches([frame], output_format)


def print_table(frame: pl.DataFrame, row_count: int, cell_characters: int | None = None) -> None:
    """Write the first rows of ``row_count`` ones that there are; a cell that is longer than ``cell_characters`` is cut."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, data_type in frame.schema.items():
        table.add_column(name, justify="right" if data_type.is_numeric() else "left", overflow="fold")
    for row in frame.head(TABLE_ROWS).iter_rows():
        cells = (_shown(value) for value in row)
        table.add_row(*(Text(shortened(cell, cell_characters) if cell_characters else cell) for cell in cells))
    Console(width=None if sys.stdout.isatty() else 10_000).print(table)
    if row_count > TABLE_ROWS:
        sys.stdout.flush()
        sys.stderr.write(f"\nShowing {TABLE_ROWS:,} of {row_count:,} rows; --format csv, json or parquet gives all of them.\n")


def in_cents(frame: pl.DataFrame) -> pl.DataFrame:
    """Round amounts to what a person reads; the other formats keep every decimal."""
    return frame.with_columns(pl.selectors.decimal().round(2))


def print_batches(batches: Iterable[pl.DataFrame], output_format: Format) -> None:
    """Write rows that come in batches, the first of which may be empty, without ever holding all of them; not as a table.

    In CSV, text that a spreadsheet would run as a formula gets a leading apostrophe. Raises ConfigurationError for Parquet on a terminal.
    """
    if output_format is Format.CSV:
        for number, frame in enumerate(batches):
            text = frame.select(**_csv_cells(frame)).write_csv(include_header=number == 0)
            sys.stdout.buffer.write(text.encode())  # by ourselves: a reader that went away, as `head` does, is no error of the rows
    elif output_format is Format.JSON:
        _write_json(batches)
    elif sys.stdout.isatty():
        message = "Parquet is binary: redirect it to a file, for example `costsieve sql ... --format parquet > rows.parquet`."
        raise ConfigurationError(message)
    else:
        _write_parquet(batches)


def _write_json(batches: Iterable[pl.DataFrame]) -> None:
    rows = (json.dumps(row, default=_json_text, indent=2) for frame in batches for row in frame.iter_rows(named=True))
    before = "[\n"
    for row in rows:
        sys.stdout.write(before + indent(row, "  "))
        before = ",\n"
    sys.stdout.write("[]\n" if before == "[\n" else "\n]\n")


def _write_parquet(batches: Iterable[pl.DataFrame]) -> None:
    tables = (frame.to_arrow() for frame in batches)
    first = next(tables)
    with pq.ParquetWriter(sys.stdout.buffer, first.schema, compression="zstd") as writer:
        for table in chain([first], tables):
            writer.write_table(table)


def _shown(value: Any) -> str:  # noqa: ANN401 - a cell may hold any type
    if value is None:
        return ""
    if isinstance(value, Decimal):
        places = max(2, -int(value.normalize().as_tuple().exponent)) if value else 2
        return f"{value:,.{places}f}"
    return "\n".join(visible(line) for line in str(value).split("\n"))


def _csv_cells(frame: pl.DataFrame) -> dict[str, pl.Expr]:
    """Nested columns become JSON text: CSV has no other way to hold them."""
    return {name: _csv_cell(pl.col(name), data_type) for name, data_type in frame.schema.items()}


def _csv_cell(column: pl.Expr, data_type: pl.DataType) -> pl.Expr:
    if data_type.is_nested():
        return column.map_elements(lambda value: json.dumps(_plain(value), default=_json_text), return_dtype=pl.String)
    if data_type == pl.String:
        return pl.when(column.str.contains(_FORMULA_START)).then("'" + column).otherwise(column)
    return column


def _json_text(value: object) -> str:
    """A DECIMAL keeps its digits as text, since a JSON number may lose them in the reader."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell may hold any type
    return value.to_list() if isinstance(value, pl.Series) else value
