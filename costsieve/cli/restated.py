"""`costsieve restated`: what has changed for past days, and why. The bridge is computed in costsieve.core.restatement."""

from datetime import date
from typing import Annotated

import polars as pl
import typer

from costsieve.cli.options import DEFAULT_CONFIG, Config, Format, OutputFormat
from costsieve.cli.rows import in_cents, print_rows
from costsieve.core.restatement import REASONS, Bridge, Comparison, compare_since, read_bridges, read_changes, summarise
from costsieve.errors import ConfigurationError
from costsieve.home import Home
from costsieve.settings import load_settings
from costsieve.warehouse import Connection, open_published

_HEADINGS = {
    "BillingCurrency": "currency",
    "ProviderName": "provider",
    "billing_month": "month",
    "ServiceName": "service",
    "charge_count_change": "line items",
    "billed_change": "billed",
    "effective_change": "effective",
}


def restated(
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="Days before this date: as its night knew them, and as known now.")],
    config: Config = DEFAULT_CONFIG,
    output_format: OutputFormat = Format.TABLE,
) -> None:
    """Show what changed for past days since a night, by how much and why: a bridge that adds up to the last decimal.

    With --format csv, json or parquet: every single change, for a spreadsheet or a program.
    """
    with open_published(Home(load_settings(config).home).published_warehouse) as connection:
        _require_history(connection)
        comparison = compare_since(connection, _day(since))
        changes = read_changes(connection, comparison)
        bridges = read_bridges(connection, comparison, changes)
    if output_format is not Format.TABLE:
        print_rows(changes, output_format)
        return
    if comparison.known_then == comparison.known_now:
        typer.echo(f"{comparison.known_now} is the last published night up to {since}, so nothing can have changed since.")
        return
    typer.echo(_heading(comparison))
    print_rows(in_cents(_bridge_rows(bridges, comparison)), output_format)
    if not changes.is_empty():
        typer.echo("\nBy provider, billing month and service:")
        print_rows(in_cents(summarise(changes).rename(_HEADINGS)), output_format)


def _day(since: str) -> date:
    try:
        return date.fromisoformat(since)
    except ValueError as error:
        message = f"--since {since} is not a date; write it as YYYY-MM-DD, for example 2026-10-01."
        raise ConfigurationError(message) from error


def _require_history(connection: Connection) -> None:
    found = connection.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'meta' AND table_name = 'known_nights'").fetchall()
    if not found:
        message = "the published file is of a version of Costsieve that kept no history. Run `costsieve night`; the next night can tell."
        raise ConfigurationError(message)


def _heading(comparison: Comparison) -> str:
    nights = f"as the night of {comparison.known_then} knew them and as the night of {comparison.known_now} knows them"
    return f"Days before {comparison.days_before}, {nights}:"


def _bridge_rows(bridges: tuple[Bridge, ...], comparison: Comparison) -> pl.DataFrame:
    rows = []
    for bridge in bridges:
        rows.append((bridge.currency, f"known on {comparison.known_then}", bridge.billed_then, bridge.effective_then))
        rows += [(bridge.currency, REASONS[change.reason], change.billed_change, change.effective_change) for change in bridge.reasons]
        rows.append((bridge.currency, f"known on {comparison.known_now}", bridge.billed_now, bridge.effective_now))
    amount = pl.Decimal(38, 12)
    return pl.DataFrame(rows, schema={"currency": pl.String, "": pl.String, "billed": amount, "effective": amount}, orient="row")
