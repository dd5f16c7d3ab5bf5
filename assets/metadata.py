"""What the UI shows of a table after it was written: rows, columns, totals, a preview. Nothing is computed for users here."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import polars as pl

from costsieve.contracts.charges import CHARGES
from costsieve.contracts.table import Table
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query

_PREVIEW_ROWS = 10


def table_result(connection: Connection, table: Table, extra: Mapping[str, Any] | None = None) -> dg.MaterializeResult[Any]:
    """Describe a contracted table that has just been written."""
    return dg.MaterializeResult(asset_key=[table.schema, table.name], metadata=table_metadata(connection, table, extra))


def table_metadata(connection: Connection, table: Table, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return row count, column schema, cost totals per currency and a preview."""
    return {
        "dagster/row_count": query(connection, f"SELECT count(*) AS n FROM {table.full_name}").item(),
        "dagster/column_schema": column_schema(table),
        "preview": dg.MetadataValue.md(markdown_table(query(connection, f"SELECT * FROM {table.full_name} LIMIT {_PREVIEW_ROWS}"))),
        **_totals(connection, table),
        **(extra or {}),
    }


def bill_metadata(connection: Connection) -> dict[str, Any]:
    """Describe core.charges from what the landing counted: line items are scanned once a night, by the roll-up, not here."""
    totals = query(connection, statement("sources/line_items_by_currency.sql")).to_dicts()
    return {
        "dagster/row_count": sum(row["line_items"] for row in totals),
        "dagster/column_schema": column_schema(CHARGES),
        "preview": dg.MetadataValue.md(markdown_table(query(connection, f"SELECT * FROM core.charges LIMIT {_PREVIEW_ROWS}"))),
        **{f"total BilledCost {row['currency']}": float(row["billed_cost"]) for row in totals},
    }


def column_schema(table: Table) -> dg.TableSchema:
    """Return the contract as the UI's column view."""
    columns = [
        dg.TableColumn(c.name, c.type, c.description, constraints=dg.TableColumnConstraints(nullable=c.nullable)) for c in table.columns
    ]
    return dg.TableSchema(columns=columns)


def _totals(connection: Connection, table: Table) -> dict[str, Any]:
    measure = next((name for name in ("BilledCost", "monthly_cost", "net_savings", "monthly_savings") if name in table.column_names), None)
    currency = next((name for name in ("BillingCurrency", "currency") if name in table.column_names), None)
    if measure is None or currency is None:
        return {}
    totals = query(connection, f"SELECT {currency} AS currency, sum({measure}) AS total FROM {table.full_name} GROUP BY {currency}")
    known = [row for row in totals.to_dicts() if row["currency"] and row["total"] is not None]
    return {f"total {measure} {row['currency']}": float(row["total"]) for row in known}


def preview(connection: Connection, path: str, parameters: Mapping[str, Any]) -> dg.MarkdownMetadataValue:
    """Return the rows of one SQL file as the UI's preview."""
    return dg.MetadataValue.md(markdown_table(query(connection, statement(path), parameters)))


def markdown_table(frame: pl.DataFrame) -> str:
    """Render rows as a Markdown table; cell text is escaped, because tags and names come from outside."""
    head = ["| " + " | ".join(frame.columns) + " |", "| " + " | ".join("---" for _ in frame.columns) + " |"]
    return "\n".join([*head, *("| " + " | ".join(_cell(value) for value in row) + " |" for row in frame.iter_rows())])


def _cell(value: Any) -> str:  # noqa: ANN401 - a cell may hold any type
    text = "" if value is None else str(value)
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "&#124;"), ("\n", " ")):
        text = text.replace(character, entity)
    return text if len(text) <= 80 else text[:79] + "…"
