"""Flat bill rows → the nested rows of the detailed export, one Parquet file for each day of export. Amounts are made elsewhere."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from costsieve.estate.gcp import records
from costsieve.estate.gcp.calendar import Calendar
from costsieve.estate.gcp.resource import BILLING_ACCOUNT, Resource

_SECONDS_PER_DAY = 86_400
_COLUMNS = (
    "billing_account_id",
    "service",
    "sku",
    "usage_start_time",
    "usage_end_time",
    "project",
    "labels",
    "system_labels",
    "location",
    "tags",
    "export_time",
    "cost",
    "currency",
    "currency_conversion_rate",
    "usage",
    "credits",
    "invoice",
    "cost_type",
    "adjustment_info",
    "cost_at_list",
    "transaction_type",
    "seller_name",
    "resource",
    "price",
    "subscription",
    "cost_at_effective_price_default",
    "cost_at_list_consumption_model",
    "consumption_model",
)


def write_export(folder: Path, lines: pl.DataFrame, resources: Sequence[Resource], calendar: Calendar) -> None:
    """Write ``date=YYYY-MM-DD/part-00000.parquet`` for every day on which rows were exported, in the order of their export."""
    timed = _with_times(lines, calendar).sort("export_day", "export_time", maintain_order=True)
    rows = nested(timed, resources)
    first = 0
    for day, count in timed.group_by("export_day", maintain_order=True).len().iter_rows():
        partition = folder / f"date={calendar.start.date() + timedelta(days=day)}"
        partition.mkdir(parents=True, exist_ok=True)
        rows.slice(first, count).write_parquet(partition / "part-00000.parquet", compression="snappy")
        first += count


def nested(lines: pl.DataFrame, resources: Sequence[Resource]) -> pl.DataFrame:
    """Return the rows in the export's schema."""
    described = (
        lines.join(records.of_resources(resources), on="resource", how="left", maintain_order="left")
        .join(records.of_skus(), on="sku", how="left", maintain_order="left")
        .join(records.of_projects(), on="project", how="left", maintain_order="left", nulls_equal=True)
        .join(records.of_places(lines["place"]), on="place", how="left", maintain_order="left")
        .join(records.of_models(lines["model"]), on="model", how="left", maintain_order="left")
        .with_row_index("row")
        .join(records.of_credits(lines), on="row", how="left", maintain_order="left")
    )
    is_machine_sku = pl.col("service").struct.field("description") == "Compute Engine"
    return described.with_columns(
        billing_account_id=pl.lit(BILLING_ACCOUNT),
        sku=pl.col("sku_record"),
        project=pl.col("project_record"),
        labels=pl.when(pl.col("originating_sku").is_null())
        .then("labels")
        .otherwise(records.originating_label())
        .fill_null(records.NO_LABELS),
        system_labels=pl.when(is_machine_sku).then("system_labels").fill_null(records.NO_LABELS),
        tags=records.NO_TAGS,
        currency=pl.lit("USD"),
        currency_conversion_rate=pl.lit(1.0),
        usage=records.usage(),
        credits=pl.col("credits").fill_null(records.NO_CREDITS),
        invoice=pl.struct(month="invoice_month", publisher_type=pl.lit("GOOGLE")),
        adjustment_info=records.adjustment_info(),
        transaction_type=pl.lit("GOOGLE"),
        seller_name=pl.lit("Google"),
        resource=pl.col("resource_record"),
        price=records.price(),
        subscription=pl.struct(instance_id="subscription"),
        cost_at_effective_price_default=pl.col("cost_at_list"),
        cost_at_list_consumption_model=pl.col("cost"),
    ).select(_COLUMNS)


def _with_times(lines: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Add the row's instants. Its export is on its partition's day, at the day's end where the usage is not over before."""
    export_day = pl.col("start_hour") // 24 + pl.col("late_days")
    delay = pl.Series(np.random.default_rng(lines.height).integers(300, 3000, lines.height))
    usage_end = (pl.col("start_hour") + pl.col("hours")) * 3600
    export_second = pl.min_horizontal(
        pl.max_horizontal(usage_end, export_day * _SECONDS_PER_DAY) + delay, (export_day + 1) * _SECONDS_PER_DAY - delay // 10
    )
    return lines.with_columns(
        export_day=export_day,
        usage_start_time=_instant(calendar, pl.col("start_hour") * 3600),
        usage_end_time=_instant(calendar, usage_end),
        export_time=_instant(calendar, export_second),
    )


def _instant(calendar: Calendar, seconds: pl.Expr) -> pl.Expr:
    return pl.lit(calendar.start, pl.Datetime("us", "UTC")).add(pl.duration(seconds=seconds, time_unit="us"))
