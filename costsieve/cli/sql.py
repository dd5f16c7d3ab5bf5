"""`costsieve sql`: ask the published file. It never opens the file that a night is writing."""

import sys
from collections.abc import Iterator
from typing import Annotated

import duckdb
import polars as pl
import typer
from duckdb.sqltypes import DuckDBPyType

from costsieve.cli.options import DEFAULT_CONFIG, Config, Format, OutputFormat
from costsieve.cli.rows import TABLE_ROWS, print_batches, print_table
from costsieve.errors import ConfigurationError
from costsieve.home import Home
from costsieve.settings import load_settings
from costsieve.warehouse import Connection, open_published

_BATCH_ROWS = 10_000
_CELL_CHARACTERS = 200


def sql(
    statement: Annotated[str, typer.Argument(help="A SELECT; `-` reads it from standard input.")],
    config: Config = DEFAULT_CONFIG,
    output_format: OutputFormat = Format.TABLE,
) -> None:
    """Run one SELECT on the published warehouse, also while a night is running. A table shows 1,000 rows, the other formats all.

    Start with: costsieve sql "SELECT * FROM results.plan ORDER BY as_of DESC, step LIMIT 10"
    """
    text = sys.stdin.read() if statement == "-" else statement
    settings = load_settings(config)
    home = Home(settings.home)
    with open_published(home.published_warehouse, settings.memory_limit) as connection:
        _confine(connection, home)
        try:
            _answer(connection, text, output_format)
        except duckdb.Error as error:
            message = f"the statement cannot be run: {error}"
            raise ConfigurationError(message) from error
        except pl.exceptions.PolarsError as error:
            message = f"the answer cannot be shown: {str(error).partition(' Hint')[0]}. Cast the column to VARCHAR, or rename it."
            raise ConfigurationError(message) from error


def _confine(connection: Connection, home: Home) -> None:
    """Leave nothing to read but the published file and the lake that its views read, and nothing to write at all."""
    lake = str(home.lake.resolve()).replace("'", "''")
    connection.execute(f"SET allowed_directories = ['{lake}']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET python_enable_replacements = false")


def _answer(connection: Connection, text: str, output_format: Format) -> None:
    relation = _representable(connection.sql(_one_select(text)))
    if output_format is not Format.TABLE:
        print_batches(_batches(relation), output_format)
        return
    shown: pl.DataFrame = relation.limit(TABLE_ROWS + 1).pl()
    row_count = relation.aggregate("count(*)").fetchall()[0][0] if shown.height > TABLE_ROWS else shown.height
    print_table(shown, row_count, _CELL_CHARACTERS)


def _one_select(text: str) -> str:
    statements = duckdb.extract_statements(text)
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        message = "give one SELECT, or `-` to read it from standard input: nothing else is run. To keep an answer, use --format and `>`."
        raise ConfigurationError(message)
    return statements[0].query


def _representable(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Turn to text what tables of other tools have no type for."""
    if not any(map(_has_no_column_type, relation.types)):
        return relation
    names = ['"' + name.replace('"', '""') + '"' for name in relation.columns]
    texts = (
        f"CAST({name} AS VARCHAR) AS {name}" if _has_no_column_type(kind) else name
        for name, kind in zip(names, relation.types, strict=True)
    )
    return relation.project(", ".join(texts))


def _has_no_column_type(kind: DuckDBPyType) -> bool:
    return any(word in str(kind) for word in ("INTERVAL", "UNION", "VARIANT"))


def _batches(relation: duckdb.DuckDBPyRelation) -> Iterator[pl.DataFrame]:
    reader = relation.to_arrow_reader(_BATCH_ROWS)
    yield pl.DataFrame(reader.schema.empty_table())
    for batch in reader:
        yield pl.DataFrame(batch)
