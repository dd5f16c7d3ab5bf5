"""What spend based commitments do to usage rows, under the old and the new consumption model. Other credits are in `discounts`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from costsieve.estate.gcp.calendar import Calendar
from costsieve.estate.gcp.lines import COST_DECIMALS, DEFAULT_MODEL, complete
from costsieve.estate.gcp.resource import numeric_id

NEW_MODEL_FROM = date(2026, 8, 1)
"""First Pacific day on which this billing account's spend based commitments follow the new consumption model."""


@dataclass(frozen=True)
class SpendCommitment:
    """A spend based commitment: ``hourly_on_demand`` dollars of on-demand usage an hour, of which ``price_share`` is paid."""

    subscription: str
    project: str
    skus: tuple[str, ...]
    fee_sku: str
    model: str
    hourly_on_demand: float
    price_share: float


def spend_commitments(seed: int) -> tuple[SpendCommitment, ...]:
    """Return the two commitments: a flexible one that is always used up, and one that its database has outgrown downwards."""
    return (
        SpendCommitment(
            numeric_id(seed, "commitment", "flexible"),
            "ml-prod",
            ("E2 Instance Core running in Americas", "E2 Instance Ram running in Americas"),
            "Commitment - dollar based v1: GCE for 1 year",
            "Compute Flexible CUDs 1 Year",
            0.2,
            0.72,
        ),
        SpendCommitment(
            numeric_id(seed, "commitment", "database"),
            "ml-prod",
            ("Cloud SQL for PostgreSQL: Zonal - vCPU in Americas", "Cloud SQL for PostgreSQL: Zonal - RAM in Americas"),
            "Commitment - dollar based v1: Cloud SQL database - Americas for 1 year",
            "Cloud SQL CUDs 1 Year",
            0.4,
            0.75,
        ),
    )


def with_spend_commitments(lines: pl.DataFrame, commitments: Iterable[SpendCommitment], calendar: Calendar) -> pl.DataFrame:
    """Apply spend based commitments under the model of each day, and add their fees."""
    migrated_hour = calendar.hour_of(NEW_MODEL_FROM)
    for commitment in commitments:
        is_eligible = (pl.col("project") == commitment.project) & pl.col("sku").is_in(commitment.skus)
        eligible = _with_share(lines.filter(is_eligible), commitment)
        is_new = pl.col("start_hour") >= migrated_hour
        lines = pl.concat(
            [
                lines.filter(~is_eligible),
                *_old_model(eligible.filter(~is_new), commitment),
                *_new_model(eligible.filter(is_new), commitment),
            ]
        )
    return lines


def _with_share(eligible: pl.DataFrame, commitment: SpendCommitment) -> pl.DataFrame:
    """Add ``covered``, the part of each row's cost that the commitment covers, proportionally within each window."""
    committed = commitment.hourly_on_demand * pl.col("hours")
    share = (committed / pl.col("cost").sum().over("start_hour")).clip(0.0, 1.0).round(12)
    return eligible.with_columns(share=share).with_columns(covered=(pl.col("cost") * pl.col("share")).round(COST_DECIMALS))


def _old_model(eligible: pl.DataFrame, commitment: SpendCommitment) -> list[pl.DataFrame]:
    """Full price with a credit, fees that name the SKU they covered, and a fee without one for what covered nothing."""
    credited = eligible.with_columns(credit_type=pl.lit("COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE"), credit_amount=-pl.col("covered"))
    fees = eligible.group_by("start_hour", "hours", originating_sku="sku").agg(amount=pl.col("covered").sum())
    covered = eligible.group_by("start_hour", "hours").agg(covered=pl.col("covered").sum())
    unused = covered.select(
        "start_hour",
        "hours",
        originating_sku=pl.lit(None, pl.String),
        amount=commitment.hourly_on_demand * pl.col("hours") - pl.col("covered"),
    ).filter(pl.col("amount") > 1e-5)
    # The old model's fee is priced per commitment-hour of one cent of on-demand usage.
    fee_price = commitment.price_share / 100
    due = pl.concat([fees, unused]).with_columns(
        cost=(pl.col("amount") * commitment.price_share).round(COST_DECIMALS), price=pl.lit(fee_price)
    )
    return [complete(credited.drop("share", "covered")), _fee_rows(due, commitment)]


def _new_model(eligible: pl.DataFrame, commitment: SpendCommitment) -> list[pl.DataFrame]:
    """Two rows for each usage row, the covered one at the commitment's price, and a fee that is offset by what it covered."""
    covered = eligible.with_columns(
        quantity=pl.col("quantity") * pl.col("share"),
        model_share=pl.lit(commitment.price_share),
        cost=(pl.col("covered") * commitment.price_share).round(COST_DECIMALS),
        cost_at_list=pl.col("covered"),
        model=pl.lit(commitment.model),
        subscription=pl.lit(commitment.subscription),
    )
    remainder = (pl.col("cost") - pl.col("covered")).round(COST_DECIMALS)
    default = eligible.with_columns(
        quantity=pl.col("quantity") * (1 - pl.col("share")), cost=remainder, cost_at_list=remainder, model=pl.lit(DEFAULT_MODEL)
    ).filter(pl.col("cost") > 0)
    used = covered.group_by("start_hour", "hours").agg(used=pl.col("cost").sum().round(COST_DECIMALS))
    due = used.with_columns(
        cost=pl.max_horizontal((commitment.hourly_on_demand * commitment.price_share * pl.col("hours")).round(COST_DECIMALS), "used"),
        price=pl.lit(1.0),
        credit_type=pl.lit("FEE_UTILIZATION_OFFSET"),
        credit_amount=-pl.col("used"),
    )
    return [*(complete(rows.drop("share", "covered")) for rows in (covered, default)), _fee_rows(due, commitment)]


def _fee_rows(due: pl.DataFrame, commitment: SpendCommitment) -> pl.DataFrame:
    fees = complete(
        due.with_columns(
            project=pl.lit(commitment.project),
            place=pl.lit("global"),
            sku=pl.lit(commitment.fee_sku),
            quantity=pl.col("cost") / pl.col("price"),
            cost_at_list=pl.col("cost"),
            subscription=pl.lit(commitment.subscription),
        )
    )
    return fees.sort("start_hour", "originating_sku")
