"""Aligned values of Cloud Monitoring -> points in the units of the inventory: shares in per cent, GPUs counted. Asks for nothing."""

from datetime import timedelta

import polars as pl
from google.api.metric_pb2 import MetricDescriptor  # type: ignore[import-untyped]  # googleapis-common-protos ships no types

from costsieve.errors import SourceError
from costsieve.sources.gcp.monitoring_table import PERCENT_PER_UNIT, Measured
from costsieve.sources.hourly import POINTS

_HOUR = timedelta(hours=1)
_SAMPLE_PERIOD = timedelta(minutes=1)
"""Of metrics whose descriptor does not state it."""

_GPU_IN_USE_PERCENT = 5.0
"""See gpus_in_use in contracts.usage.METRICS."""


def as_points(answered: pl.DataFrame, measured: Measured, descriptor: MetricDescriptor) -> pl.DataFrame:
    """Return points with the columns of hourly.POINTS; ``answered`` has the value of the label ``share_of`` in ``share`` besides.

    Raises SourceError for a unit that is no known share or percentage.
    """
    points = _scaled(answered, measured, descriptor)
    if measured.share_of:
        points = _shares(points, measured.share)
    if measured.counts_gpus:
        points = pl.concat([points, _gpus_in_use(points)], how="diagonal")
    return points.select(*POINTS)


def _scaled(points: pl.DataFrame, measured: Measured, descriptor: MetricDescriptor) -> pl.DataFrame:
    """Turn shares into per cent, as the descriptor states the unit, and say how many samples an hour has."""
    factor = 1.0
    if measured.metric.endswith("_percent") and not measured.share_of:
        if descriptor.unit not in PERCENT_PER_UNIT:
            message = (
                f"Cloud Monitoring states {measured.metric_type} in {descriptor.unit!r}, which is no known share or percentage: add the "
                "unit to costsieve/sources/gcp/monitoring_table.py. The metric was left out."
            )
            raise SourceError(message)
        factor = PERCENT_PER_UNIT[descriptor.unit]
    period = descriptor.metadata.sample_period.ToTimedelta() or _SAMPLE_PERIOD
    samples = max(1, int(_HOUR / period))
    return points.with_columns(pl.col("average", "maximum") * factor, sample_count=pl.lit(samples, pl.Int64))


def _shares(points: pl.DataFrame, share: str) -> pl.DataFrame:
    """Return the wanted value in per cent of all; where another value is missing, the whole is unknown."""
    whole = pl.col("average").sum()
    is_wanted = pl.col("share") == share
    wanted = [(100 * pl.col(name).filter(is_wanted).first() / whole).alias(name) for name in ("average", "maximum")]
    key = ("account_id", "resource_id", "metric", "series", "observed_at", "sample_count")
    known = points.group_by(key).agg(*wanted, values=pl.len())
    return known.filter(pl.col("values") > 1).with_columns(pl.lit(None, pl.Float64).alias(name) for name in ("p95", "total"))


def _gpus_in_use(points: pl.DataFrame) -> pl.DataFrame:
    """Count the GPUs of each machine that were in use at some moment of the hour."""
    in_use = (pl.col("maximum") >= _GPU_IN_USE_PERCENT).sum().cast(pl.Float64)
    counted = points.group_by("account_id", "resource_id", "observed_at").agg(in_use.alias("average"), pl.col("sample_count").max())
    return counted.with_columns(pl.lit("gpus_in_use").alias("metric"), pl.lit("all").alias("series"), pl.col("average").alias("maximum"))
