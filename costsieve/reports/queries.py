"""Run one statement of sql/reports and return its rows. Says nothing about what the rows mean."""

from typing import Any

from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query

Row = dict[str, Any]


def rows(connection: Connection, name: str, **parameters: Any) -> list[Row]:  # noqa: ANN401 - bound parameters are of any SQL type
    """Return the rows of ``sql/reports/<name>.sql`` in its order."""
    return query(connection, statement(f"reports/{name}.sql"), parameters).to_dicts()


def by_currency(found: list[Row]) -> dict[str, list[Row]]:
    """Group rows by their currency, keeping their order; rows without one belong to no currency and are left out."""
    grouped: dict[str, list[Row]] = {}
    for row in found:
        if row["currency"] is not None:
            grouped.setdefault(row["currency"], []).append(row)
    return grouped
