"""What the last published night was made of, as later nights compare with it or go back to it. Publishing is costsieve.publication."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import polars as pl

from costsieve import sql_files
from costsieve.contracts.loads import PUBLISHED_TOTALS
from costsieve.home import Home
from costsieve.warehouse import Connection, open_published, query, replace_frame


def published_rows(home: Home, name: str, **parameters: Any) -> pl.DataFrame | None:  # noqa: ANN401 - bound parameters are of any SQL type
    """Return the rows of ``sql/sources/<name>.sql`` in the published file, or None before the first publication."""
    with _published(home) as connection:
        return None if connection is None else query(connection, sql_files.statement(f"sources/{name}.sql"), parameters)


def remember_published(connection: Connection, home: Home) -> None:
    """Replace meta.published_totals by what the published file is made of. Run it inside a transaction."""
    totals = published_rows(home, "published_totals")
    if totals is None:
        totals = pl.DataFrame(schema=PUBLISHED_TOTALS.polars_schema())
    replace_frame(connection, PUBLISHED_TOTALS, totals)


@contextmanager
def _published(home: Home) -> Iterator[Connection | None]:
    if not home.published_warehouse.is_file():
        yield None
        return
    with closing(open_published(home.published_warehouse)) as connection:
        yield connection
