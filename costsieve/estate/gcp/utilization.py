"""Hourly utilization of the GCP estate, one Parquet file a day. An hour that nobody measured has no row."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from costsieve.contracts.usage import UTILIZATION
from costsieve.estate.disturbances import coverage, is_kept, with_noise
from costsieve.estate.gcp.resource import Resource
from costsieve.estate.plan import EstatePlan

_SAMPLES_PER_HOUR = 60
_SUMMED = {"network_bytes", "disk_operations", "disk_bytes", "invocations"}
_BUSIEST_HOUR = 15
_OFFICE_HOURS = (6, 22)
_AT_NIGHT = 1e-4
"""Share of its busiest hour at which a machine with ``hours: office`` idles outside them."""


def write_utilization(folder: Path, resources: Sequence[Resource], plan: EstatePlan) -> None:
    """Write ``date=YYYY-MM-DD/gcp.parquet`` with the columns of usage.resource_hour, for every day of the plan."""
    observed = observations(resources, plan)
    for (day,), rows in observed.partition_by("day", as_dict=True, maintain_order=True).items():
        partition = folder / f"date={plan.window.start + timedelta(days=int(day))}"
        partition.mkdir(parents=True, exist_ok=True)
        rows.select(UTILIZATION.column_names).write_parquet(partition / "gcp.parquet")


def observations(resources: Sequence[Resource], plan: EstatePlan) -> pl.DataFrame:
    """Return the measured hours of all resources in order of time, with ``day`` counted from the start."""
    series = [(item, metric, peak) for item in resources if item.listed is not None for metric, peak in item.load.items()]
    hours = 24 * plan.days
    is_office = np.array([item.entry.get("hours") == "office" for item, _, _ in series])
    values = _values(np.array([peak for _, _, peak in series]), is_office, hours, np.random.default_rng((plan.seed, 13)))
    values = with_noise(values, plan, 2)
    is_measured = _measured(series, hours, plan)
    hour, number = np.nonzero(is_measured)
    described = pl.DataFrame(
        [("GCP", item.project, item.resource_id, metric, metric in _SUMMED) for item, metric, _ in series],
        schema=["provider", "account_id", "resource_id", "metric", "is_summed"],
        orient="row",
    )
    return described[number].with_columns(
        _statistics(pl.Series(values[hour, number])),
        day=pl.Series(hour // 24),
        observed_at=pl.lit(datetime.combine(plan.window.start, time.min)) + pl.duration(hours=pl.lit(pl.Series(hour))),
        sample_count=pl.lit(_SAMPLES_PER_HOUR, pl.Int64),
    )


def _values(peaks: NDArray[np.float64], is_office: NDArray[np.bool_], hours: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Return each series' hourly level: a working day's curve with noise, which comes close to its peak once a day."""
    hour = np.arange(hours)
    curve = 0.6 + 0.32 * np.cos(2 * np.pi * (hour - _BUSIEST_HOUR) / 24)
    shares = curve[:, None] + random.uniform(-0.05, 0.05, (hours, peaks.size))
    busiest = hour % 24 == _BUSIEST_HOUR
    at_night = (hour % 24 < _OFFICE_HOURS[0]) | (hour % 24 >= _OFFICE_HOURS[1])
    shares = np.where(at_night[:, None] & is_office, _AT_NIGHT, shares)
    shares[busiest] = random.uniform(0.95, 1.0, (int(busiest.sum()), peaks.size))
    levels: NDArray[np.float64] = shares * peaks
    return levels


def _measured(series: Sequence[tuple[Resource, str, float]], hours: int, plan: EstatePlan) -> NDArray[np.bool_]:
    """Return which hours have points: while the resource exists and its disk is attached, less the gaps of its agent."""
    hour = np.arange(hours)[:, None]
    exists = hour >= np.array([item.first_hour for item, _, _ in series])
    measured: NDArray[np.bool_] = exists & (hour < np.array([_last_measured_hour(item) for item, _, _ in series]))
    shares = np.array([coverage(item.entry, metric, plan) for item, metric, _ in series])
    measured &= (np.random.default_rng((plan.seed, 14)).random(measured.shape) < shares) | (shares == 1.0)
    return measured & is_kept(hours, len(series), plan, 2)


def _last_measured_hour(item: Resource) -> int:
    detached_at = (item.listed or {}).get("detached_at")
    return detached_at // timedelta(hours=1) if isinstance(detached_at, timedelta) else item.last_hour


def _statistics(level: pl.Series) -> list[pl.Expr]:
    """Return average, maximum and total: summed metrics are spread over the hour's samples, others are gauges."""
    is_summed = pl.col("is_summed")
    per_sample = level / _SAMPLES_PER_HOUR
    total = pl.when(pl.col("metric") == "network_bytes").then(level).otherwise(level.round())
    return [
        pl.when(is_summed).then(per_sample).otherwise(level).alias("average"),
        pl.when(is_summed).then(per_sample * 1.4).otherwise(level * 1.04).alias("maximum"),
        pl.when(is_summed).then(per_sample * 1.2).otherwise(level * 1.02).alias("p95"),
        pl.when(is_summed).then(total).alias("total"),
    ]
