"""`costsieve findings`: the night's findings, what changed of them, what was saved. They are chosen in costsieve.findings.listing."""

from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated

import polars as pl
import typer

from costsieve.cli.options import DEFAULT_CONFIG, Config, Format, OutputFormat, night_of
from costsieve.cli.rows import in_cents, print_rows, print_table
from costsieve.errors import ConfigurationError
from costsieve.findings.listing import Selection, bridge_of, changes_of, findings_of, published_night, savings_of
from costsieve.home import Home
from costsieve.settings import load_settings
from costsieve.warehouse import Connection, open_published


class Provider(StrEnum):
    """Whose resources."""

    AWS = "AWS"
    GCP = "GCP"


_SHOWN_CHARACTERS = 100
_SHOWN = ("finding_id", "rule_id", "resource", "account_id", "owner", "team", "action", "confidence", "first_seen", "currency")
_AMOUNTS = ("monthly_cost", "monthly_savings", "accrued_cost")
_SHOWN_CHANGES = ("finding_id", "rule_id", "resource", "team", "change", "reason", "detail", "currency", "difference")
_SHOWN_SAVINGS = ("finding_id", "rule_id", "resource", "acted_on", "detail", "currency", "measured_days", "predicted_savings")

Rule = Annotated[str | None, typer.Option("--rule", metavar="RULE", help="Only findings of this rule.")]
Team = Annotated[str | None, typer.Option("--team", metavar="TEAM", help="Only findings of this team.")]
Cloud = Annotated[Provider | None, typer.Option("--provider", help="Only findings of this provider.", case_sensitive=False)]
Least = Annotated[
    str | None, typer.Option("--min-savings", metavar="AMOUNT", help="Only what saves this much a month, or changed, or saved, by it.")
]
Changes = Annotated[bool, typer.Option("--changes", help="Show instead what changed since the published night before, and why.")]
Saved = Annotated[bool, typer.Option("--saved", help="Show instead what was done about findings, and what it saved so far.")]
Night = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The night, YYYY-MM-DD. The last published one if left out.")]


def findings(  # noqa: PLR0913, PLR0917 - one parameter for each option
    rule: Rule = None,
    team: Team = None,
    provider: Cloud = None,
    min_savings: Least = None,
    changes: Changes = False,  # noqa: FBT002 - a flag of the command line
    saved: Saved = False,  # noqa: FBT002 - a flag of the command line
    as_of: Night = None,
    config: Config = DEFAULT_CONFIG,
    output_format: OutputFormat = Format.TABLE,
) -> None:
    """List the findings of a published night, those that save most first.

    With --changes: the bridge from the night before in a table that adds up, then each change with its reason. With --saved: what was done
    about findings, what was predicted of it, and what it saved so far, measured in later bills.
    """
    if changes and saved:
        message = "--changes and --saved are two lists; ask for one of them."
        raise ConfigurationError(message)
    selection = Selection(rule, team, provider.value if provider else None, _amount(min_savings))
    with open_published(Home(load_settings(config).home).published_warehouse) as connection:
        _require_history(connection)
        night = published_night(connection, None if as_of is None else night_of(as_of))
        if changes:
            _print_changes(connection, night, selection, output_format)
        elif saved:
            _print(savings_of(connection, night, selection), (*_SHOWN_SAVINGS, "realized_savings", "unmeasured_reason"), output_format)
        else:
            _print(findings_of(connection, night, selection), (*_SHOWN, *_AMOUNTS), output_format)


def _print_changes(connection: Connection, night: date, selection: Selection, output_format: Format) -> None:
    rows = changes_of(connection, night, selection)
    if output_format is Format.TABLE:
        bridge = bridge_of(connection, night, selection)
        if bridge.is_empty():
            typer.echo(f"No finding changed in the night of {night}.")
            return
        print_rows(bridge, output_format)
        typer.echo()
    _print(rows, _SHOWN_CHANGES, output_format)


def _print(rows: pl.DataFrame, shown: tuple[str, ...], output_format: Format) -> None:
    """A table names the resource once, and leaves out what makes it too wide; the other formats have every column."""
    if output_format is Format.TABLE:
        named = rows.with_columns(pl.coalesce("resource_name", "resource_id").alias("resource"))
        print_table(in_cents(named.select(shown)), rows.height, _SHOWN_CHARACTERS)
    else:
        print_rows(rows, output_format)


def _amount(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) >= 10**16:
        message = f"--min-savings {text} is not an amount; write it as 10 or 10.50."
        raise ConfigurationError(message)
    return amount.quantize(Decimal("0.01"))


def _require_history(connection: Connection) -> None:
    found = connection.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'results' AND table_name = 'realized_savings'").fetchall()
    if not found:
        message = "the published file is of a version of Costsieve that kept no history of findings. Run `costsieve night`."
        raise ConfigurationError(message)
