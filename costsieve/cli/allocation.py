"""`costsieve allocation`: whose cost everything is, from the published file. How shared cost is split is in costsieve.allocation."""

from enum import StrEnum
from typing import Annotated

import polars as pl
import typer

from costsieve.cli.options import DEFAULT_CONFIG, Config, Format, OutputFormat
from costsieve.cli.rows import in_cents, print_rows, print_table
from costsieve.home import Home
from costsieve.settings import load_settings
from costsieve.sql_files import statement
from costsieve.warehouse import open_published, query


class Dimension(StrEnum):
    """What costs can be allocated by."""

    TEAM = "team"
    PROJECT = "project"
    ENVIRONMENT = "environment"
    OWNER = "owner"
    COST_CENTER = "cost_center"


class Period(StrEnum):
    """Which days count."""

    LAST_30_DAYS = "last_30_days"
    BILLING_MONTH = "billing_month"


_SHOWN_CHARACTERS = 100

By = Annotated[Dimension, typer.Option("--by", help="Allocation dimension.")]
Within = Annotated[Period, typer.Option("--period", help="The last 30 complete days of each bill, or the last complete billing month.")]
Untagged = Annotated[bool, typer.Option("--untagged", help="Show instead which accounts and services carry no value, largest first.")]


def allocation(
    by: By = Dimension.TEAM,
    period: Within = Period.LAST_30_DAYS,
    untagged: Untagged = False,  # noqa: FBT002 - a flag of the command line
    config: Config = DEFAULT_CONFIG,
    output_format: OutputFormat = Format.TABLE,
) -> None:
    """Show what each team, project, ... costs: its own charges and its part of each shared pool, in the last published night."""
    with open_published(Home(load_settings(config).home).published_warehouse) as connection:
        if untagged:
            rows = query(connection, statement("reports/untagged_spend.sql"), {"dimension": by.value})
        else:
            shares = query(connection, statement("reports/allocated_costs.sql"), {"dimension": by.value, "period": period.value})
            rows = by_value(shares, by.value)
    if output_format is Format.TABLE:
        print_table(in_cents(rows), rows.height, _SHOWN_CHARACTERS)
    else:
        print_rows(rows, output_format)


def by_value(shares: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """Return one row for each currency and value, with a column for its direct cost, for every shared pool, and for the total.

    ``shares`` has the columns of results.allocated_costs; pools that nothing splits come last, a row each.
    """
    label = pl.when(pl.col("share") == "not split").then("not split: " + pl.col("pool")).otherwise(pl.col("value").fill_null("(untagged)"))
    column = pl.when(pl.col("share") == "shared").then(pl.col("pool")).otherwise(pl.lit("direct"))
    last = pl.col("share") == "not split"
    named = pl.col("value").is_not_null().alias("is_named")
    labelled = shares.select("currency", label.alias(dimension), column.alias("part"), last.alias("is_last"), named, "cost")
    parts = ["direct", *sorted(set(labelled["part"]) - {"direct"})]
    sums = [pl.col("cost").filter(pl.col("part") == part).sum().alias(part) for part in parts]
    rows = labelled.group_by("currency", dimension, "is_last", "is_named").agg(*sums, pl.col("cost").sum().alias("total"))
    ordered = rows.sort("currency", "is_last", pl.col("total"), dimension, descending=[False, False, True, False])
    return ordered.drop("is_last", "is_named")
