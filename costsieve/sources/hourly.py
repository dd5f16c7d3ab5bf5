"""Hourly points of any metrics API -> rows of usage.resource_hour. What is asked for, and how, is the business of each source."""

import logging
from typing import Any, Literal

import polars as pl

from costsieve.contracts.usage import UTILIZATION
from costsieve.period import Window

POINTS: dict[str, Any] = {
    "account_id": pl.String,
    "resource_id": pl.String,
    "metric": pl.String,
    "series": pl.String,
    "observed_at": pl.Datetime("us"),
    "average": pl.Float64,
    "maximum": pl.Float64,
    "p95": pl.Float64,
    "total": pl.Float64,
    "sample_count": pl.Int64,
}
"""One hour of one series. ``series`` tells series of one resource apart (GPUs, directions, storage classes). Levels have average and
maximum, counts have a total; percentages are 0..100 already."""

_FULL = 100.0
_SERIES = ("account_id", "resource_id", "metric", "series", "observed_at")
_HOUR = ("account_id", "resource_id", "metric", "observed_at")
_log = logging.getLogger(__name__)


def no_points() -> pl.DataFrame:
    """Return points of nothing."""
    return pl.DataFrame(schema=POINTS)


def hourly(points: pl.DataFrame, provider: Literal["AWS", "GCP"], window: Window) -> pl.DataFrame:
    """Add up the series of each resource and metric; hours without a point have no row.

    Of percentages the busiest series counts, everything else is added. The mean of a count is its total over its samples. What is no
    number or lies outside the window (a skewed clock) is left out, a point that came twice counts once, and a percentage outside
    0..100 is taken as the bound: machines with a shared core burst above their share, and agents round. Each is logged.
    """
    clean = _bounded(_usable(points, window)).group_by(_SERIES).agg(pl.exclude(_SERIES).max())
    is_percent = pl.col("metric").str.ends_with("_percent")
    is_count = pl.col("total").is_not_null()
    summed = [_sum(name).alias(f"{name}_sum") for name in ("average", "maximum", "total")]
    largest = [pl.col(name).max() for name in ("average", "maximum", "p95")]
    return (
        clean.group_by(_HOUR)
        .agg(*summed, *largest, samples_sum=pl.col("sample_count").sum(), samples=pl.col("sample_count").max(), series_count=pl.len())
        .rename({"total_sum": "total"})
        .with_columns(sample_count=pl.when(is_count).then("samples_sum").otherwise("samples"))
        .with_columns(
            average=pl.when(is_count).then(pl.col("total") / pl.col("sample_count")).when(is_percent).then("average").otherwise("average_sum"),
            maximum=pl.when(is_count)
            .then(pl.col("total") / pl.col("sample_count"))
            .when(is_percent)
            .then("maximum")
            .otherwise("maximum_sum"),
            p95=pl.when(is_percent | (pl.col("series_count") == 1)).then("p95"),
            provider=pl.lit(provider),
        )
        .select(UTILIZATION.column_names)
        .sort("account_id", "resource_id", "metric", "observed_at")
        .cast(pl.Schema(UTILIZATION.polars_schema()))
    )


def _sum(name: str) -> pl.Expr:
    """Add up; nothing to add is unknown, not zero."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum())


def _usable(points: pl.DataFrame, window: Window) -> pl.DataFrame:
    numbers = points.filter(pl.all_horizontal(pl.col("average", "maximum", "total").is_finite().fill_null(value=True)))
    has_value = pl.any_horizontal(pl.col("average", "total").is_not_null())
    within = numbers.filter(has_value & pl.col("observed_at").is_between(pl.lit(window.start), pl.lit(window.end), closed="left"))
    _tell(points.height - numbers.height, "points are no numbers and were left out")
    _tell(numbers.height - within.height, "points lie outside the days that were asked for and were left out")
    return within.with_columns(pl.when(pl.col("p95").is_finite()).then("p95"), pl.col("maximum").fill_null(pl.col("average")))


def _bounded(points: pl.DataFrame) -> pl.DataFrame:
    is_percent = pl.col("metric").str.ends_with("_percent")
    values = pl.col("average", "maximum", "p95")
    outside = is_percent & pl.any_horizontal(pl.col("average", "maximum").is_between(0, _FULL).not_())
    _tell(points.filter(outside).height, "percentages lie outside 0..100 and were taken as the bound")
    return points.with_columns(pl.when(is_percent).then(values.clip(0, _FULL)).otherwise(values))


def _tell(count: int, what: str) -> None:
    if count:
        _log.warning("%d %s", count, what)
