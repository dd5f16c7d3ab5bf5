"""Answers of CloudWatch -> points as costsieve.sources.hourly adds them up. What is derived from several series is derived here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from costsieve.sources.aws.cloudwatch_series import Batch, query_id
from costsieve.sources.hourly import POINTS

GPU_IN_USE_PERCENT = 5.0
"""See gpus_in_use in contracts.usage.METRICS."""

_HOUR = ("account_id", "resource_id", "metric", "observed_at")
_SERIES = (*_HOUR, "series")
_STATISTICS = {"Average": "average", "Maximum": "maximum", "p95": "p95", "Sum": "total", "SampleCount": "sample_count"}
_LONG: dict[str, Any] = {"number": pl.Int64, "statistic": pl.String, "observed_at": pl.Datetime("us"), "value": pl.Float64}


@dataclass
class Answer:
    """The points of one query, gathered over pages; the status of its last page tells whether that is all."""

    status: str = "unanswered"
    observed_at: list[datetime] = field(default_factory=list)
    values: list[float] = field(default_factory=list)


def points(batch: Batch, answers: Mapping[str, Answer]) -> pl.DataFrame:
    """Return one row per series and hour that has a value, with the columns of `hourly.POINTS`; an hour without data has none."""
    wide = _wide(batch, answers)
    values = wide.filter(pl.col("role") == "value")
    derived = [_uncounted(wide, values), _shares(wide), _gpus_in_use(values)]
    return pl.concat([each.select(list(POINTS)) for each in (values, *derived)])


def _wide(batch: Batch, answers: Mapping[str, Answer]) -> pl.DataFrame:
    """Put the statistics of one series and hour beside each other, scaled; a point that came twice counts once."""
    asked = [(number, statistic, answers[query_id(number, statistic)]) for number, _, statistic in batch.asked()]
    frames = [_long(number, statistic, answer) for number, statistic, answer in asked if answer.values]
    long = pl.concat([pl.DataFrame(schema=_LONG), *frames])
    statistics = [pl.col("value").filter(pl.col("statistic") == said).max().alias(name) for said, name in _STATISTICS.items()]
    levels = pl.col("average", "maximum", "p95")
    return (
        long.group_by("number", "observed_at")
        .agg(statistics)
        .join(_described(batch), on="number")
        .with_columns(levels / pl.col("scale"), pl.col("sample_count").cast(pl.Int64, strict=False))
    )


def _described(batch: Batch) -> pl.DataFrame:
    columns: dict[str, Sequence[object]] = {
        "number": range(len(batch.series)),
        "account_id": [each.account_id for each in batch.series],
        "resource_id": [each.resource_id for each in batch.series],
        "metric": [each.metric for each in batch.series],
        "series": [each.label for each in batch.series],
        "role": [each.role for each in batch.series],
        "namespace": [each.namespace for each in batch.series],
        "scale": [each.scale for each in batch.series],
    }
    return pl.DataFrame(columns, schema_overrides={"number": pl.Int64})


def _long(number: int, statistic: str, answer: Answer) -> pl.DataFrame:
    moments = pl.Series("observed_at", answer.observed_at).dt.convert_time_zone("UTC").dt.replace_time_zone(None).cast(pl.Datetime("us"))
    columns = [pl.lit(number, pl.Int64).alias("number"), pl.lit(statistic).alias("statistic")]
    return pl.DataFrame([moments, pl.Series("value", answer.values, pl.Float64)]).with_columns(columns).select(list(_LONG))


def _uncounted(wide: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """Return zeros for hours in which a witness reported and the counter did not: it was watched, and nothing was counted."""
    watched = wide.filter(pl.col("role") == "witness", pl.col("sample_count") > 0)
    return watched.join(values, on=_HOUR, how="anti").with_columns(pl.lit(0.0).alias("total"))


def _shares(wide: pl.DataFrame) -> pl.DataFrame:
    """Return used memory as a percentage of the whole, where both are known."""
    whole = wide.filter(pl.col("role") == "whole", pl.col("average") > 0).select(*_SERIES, pl.col("average").alias("whole"))
    used = wide.filter(pl.col("role") == "used").join(whole, on=_SERIES)
    return used.with_columns(pl.col("average", "maximum") * 100 / pl.col("whole"))


def _gpus_in_use(values: pl.DataFrame) -> pl.DataFrame:
    """Count the GPUs of a machine that were in use at some moment of the hour; only the agent reports them one by one."""
    gpus = values.filter(pl.col("metric") == "gpu_percent", pl.col("namespace") == "CWAgent")
    in_use = pl.col("series").filter(pl.col("maximum") >= GPU_IN_USE_PERCENT).n_unique().cast(pl.Float64)
    counted = gpus.group_by("account_id", "resource_id", "observed_at").agg(in_use.alias("average"), pl.col("sample_count").max())
    return counted.with_columns(
        *(pl.lit(None, pl.Float64).alias(name) for name in ("p95", "total")),
        metric=pl.lit("gpus_in_use"),
        series=pl.lit("all"),
        maximum=pl.col("average"),
    )
