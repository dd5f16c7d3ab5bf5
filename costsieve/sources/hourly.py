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
_IS_PERCENT = pl.col("metric").str.ends_with("_percent")
_IS_COUNT = pl.col("total").is_not_null()
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
    added = [_sum(name).alias(f"{name}_added") for name in ("average", "maximum")]
    largest = [pl.col(name).max() for name in ("average", "maximum", "p95")]
    samples = [pl.col("sample_count").sum().alias("samples_added"), pl.col("sample_count").max()]
    return (
        clean.group_by(_HOUR)
        .agg(*added, *largest, *samples, _sum("total"), series_count=pl.len())
        .with_columns(_counted("average"), _counted("maximum"), provider=pl.lit(provider))
        .with_columns(
            p95=pl.when(_IS_PERCENT | (pl.col("series_count") == 1)).then("p95"),
            sample_count=pl.when(_IS_COUNT).then("samples_added").otherwise("sample_count"),
        )
        .select(UTILIZATION.column_names)
        .sort("account_id", "resource_id", "metric", "observed_at")
        .cast(pl.Schema(UTILIZATION.polars_schema()))
    )


def _counted(column: str) -> pl.Expr:
    """Return a level: per sample of a count, of the busiest series of a percentage, of all series together otherwise."""
    per_sample = pl.col("total") / pl.col("samples_added")
    return pl.when(_IS_COUNT).then(per_sample).when(_IS_PERCENT).then(column).otherwise(f"{column}_added").alias(column)


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
    values = pl.col("average", "maximum", "p95")
    outside = _IS_PERCENT & pl.any_horizontal(pl.col("average", "maximum").is_between(0, _FULL).not_())
    _tell(points.filter(outside).height, "percentages lie outside 0..100 and were taken as the bound")
    return points.with_columns(pl.when(_IS_PERCENT).then(values.clip(0, _FULL)).otherwise(values))


def _tell(count: int, what: str) -> None:
    if count:
        _log.warning("%d %s", count, what)
