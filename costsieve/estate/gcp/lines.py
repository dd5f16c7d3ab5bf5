"""Resources → usage rows of the bill, at list price. Credits and commitments come after: see `commitments` and `discounts`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from costsieve.estate.gcp.calendar import Calendar, Hours
from costsieve.estate.gcp.price_list import PRICES
from costsieve.estate.gcp.resource import Resource

COST_DECIMALS = 6
"""Amounts are rounded to micro-dollars, which a FLOAT64 carries exactly enough to sum in NUMERIC."""

DEFAULT_MODEL = "Default"
_SCHEMA = {
    "resource": pl.Int64,
    "project": pl.String,
    "place": pl.String,
    "sku": pl.String,
    "start_hour": pl.Int64,
    "hours": pl.Int64,
    "quantity": pl.Float64,
    "price": pl.Float64,
    "model_share": pl.Float64,
    "cost": pl.Float64,
    "cost_at_list": pl.Float64,
    "credit_type": pl.String,
    "credit_amount": pl.Float64,
    "promotion_amount": pl.Float64,
    "subscription": pl.String,
    "model": pl.String,
    "originating_sku": pl.String,
    "cost_type": pl.String,
    "late_days": pl.Int64,
}
"""Flat bill rows. `resource` is a position in the fleet; `model_share` is the consumption model's price over the list
price; `late_days` are whole days from usage to export."""


@dataclass(frozen=True)
class Rows:
    """How many hours one row covers: all rows of hourly resources alike, and Pacific days for the others."""

    calendar: Calendar
    hours_per_row: int

    def bounds(self, resource: Resource) -> Hours:
        """Return the hours at which rows of a resource may begin."""
        return self.calendar.bounds(self.hours_per_row) if resource.is_hourly else self.calendar.day_bounds

    def windows(self, resource: Resource) -> tuple[int, int]:
        """Return the first row window of a resource, and the one after its last."""
        bounds = self.bounds(resource)
        first = int(np.searchsorted(bounds, max(resource.first_hour, 0), side="right")) - 1
        return first, max(int(np.searchsorted(bounds, resource.last_hour, side="left")), first)

    def count(self, resource: Resource) -> int:
        """Return the usage rows that a resource makes."""
        first, last = self.windows(resource)
        return (last - first) * len(resource.usages)


def complete(lines: pl.DataFrame) -> pl.DataFrame:
    """Return rows with every column of the flat bill; what is not given is the value of an ordinary row."""
    ordinary = {
        "model_share": 1.0,
        "credit_amount": 0.0,
        "promotion_amount": 0.0,
        "model": DEFAULT_MODEL,
        "cost_type": "regular",
        "late_days": 0,
    }
    missing = [pl.lit(ordinary.get(name), type_).alias(name) for name, type_ in _SCHEMA.items() if name not in lines.columns]
    return lines.with_columns(missing).select(pl.col(name).cast(type_) for name, type_ in _SCHEMA.items())


def usage_lines(resources: Sequence[Resource], rows: Rows, seed: int) -> pl.DataFrame:
    """Return one row for each resource, SKU and window that it existed in, at list price."""
    used = _used_hours(resources, rows)
    prices = pl.DataFrame([{"sku": price.sku, "unit": price.unit, "price": price.price} for price in PRICES.values()])
    lines = used.join(prices, on="sku", how="left", maintain_order="left").join(
        rows.calendar.frame.select("start_hour", "days_in_month"), on="start_hour", how="left", maintain_order="left"
    )
    noise = pl.Series(np.random.default_rng((seed, 11)).lognormal(0.0, 0.25, lines.height))
    used_hours = pl.col("amount") * pl.col("hours")
    quantity = (
        pl.when(pl.col("unit").str.ends_with(" month"))
        .then(used_hours / (24 * pl.col("days_in_month")))
        .when(pl.col("unit").is_in(["gibibyte", "count"]))
        .then((used_hours * noise).round(COST_DECIMALS))
        .otherwise(used_hours)
    )
    cost = (pl.col("quantity") * pl.col("price")).round(COST_DECIMALS)
    return complete(lines.with_columns(quantity=quantity).with_columns(cost=cost, cost_at_list=cost))


def _used_hours(resources: Sequence[Resource], rows: Rows) -> pl.DataFrame:
    """Return resource, SKU, amount and the hours of every row, without a loop over rows."""
    parts = [(number, resource, usage) for number, resource in enumerate(resources) for usage in resource.usages]
    windows = np.array([rows.windows(resource) for _, resource, _ in parts])
    counts = windows[:, 1] - windows[:, 0]
    part = np.repeat(np.arange(len(parts)), counts)
    window = np.arange(part.size) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(windows[:, 0], counts)
    hourly, daily = rows.calendar.bounds(rows.hours_per_row), rows.calendar.day_bounds
    is_hourly = np.array([resource.is_hourly for _, resource, _ in parts])[part]
    begins = np.where(is_hourly, hourly.take(window, mode="clip"), daily.take(window, mode="clip"))
    ends = np.where(is_hourly, hourly.take(window + 1, mode="clip"), daily.take(window + 1, mode="clip"))
    begins = np.maximum(begins, np.array([resource.first_hour for _, resource, _ in parts])[part])
    ends = np.minimum(ends, np.array([resource.last_hour for _, resource, _ in parts])[part])
    described = pl.DataFrame(
        [(number, item.project, item.place, item.subscription, usage.sku, float(usage.amount)) for number, item, usage in parts],
        schema={**{name: _SCHEMA[name] for name in ("resource", "project", "place", "subscription", "sku")}, "amount": pl.Float64},
        orient="row",
    )
    return described[part].with_columns(start_hour=pl.Series(begins), hours=pl.Series(ends - begins))
