"""Hourly utilization of the AWS half of the demo estate. How busy each resource is stands in estate.yaml; costs are not here."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from costsieve.contracts.usage import UTILIZATION
from costsieve.estate.aws.charges import hours_since_start, is_running, lifetime
from costsieve.estate.aws.fleet import Resource
from costsieve.estate.disturbances import coverage, is_kept, with_noise
from costsieve.estate.plan import EstatePlan

_SAMPLES = 12
"""Samples an hour: one every five minutes, as basic monitoring gives them."""

_PEAK = 1.2
"""Largest sample of an hour over its mean."""

_NEARLY_PEAK = 1.1
"""95th percentile of the samples of an hour over their mean."""

_COUNTED = {"network_bytes", "disk_operations", "disk_bytes", "invocations", "cpu_surplus_credits"}
_WHOLE = {"gpus_in_use", "connections", "stored_bytes", "stored_objects"}
"""What is counted at a moment, so that no sample lies above its hour."""

_SPIKE_DAYS_AGO = 4
_JITTER = 0.04
_DAY_SHAPE = np.array([0, 0, 0, 0, 0, 0, 0.1, 0.4, 0.8, 0.97, 1, 1, 0.95, 0.97, 1, 1, 0.97, 0.85, 0.6, 0.4, 0.2, 0.1, 0, 0])
"""Share of the way from the night value to the working-hours value, by hour of the day."""

_WEEKEND_SHARE = 0.35

Signal = tuple[Resource, str, float, float]


def write_utilization(root: Path, resources: Sequence[Resource], plan: EstatePlan) -> None:
    """Write one file per day. An hour in which a resource did not run, or reported nothing, has no row."""
    signals: list[Signal] = [
        (resource, metric, *levels)
        for resource in resources
        if resource.inventory.get("state") != "stopped"
        for metric, levels in resource.signals.items()
    ]
    measured = _measured(signals, plan)
    for day in range(plan.days):
        folder = root / f"date={plan.window.start + timedelta(days=day)}"
        folder.mkdir(parents=True, exist_ok=True)
        table = _day(signals, measured[:, day * 24 : day * 24 + 24], day, plan)
        pq.write_table(table, folder / "aws.parquet", store_schema=False, compression="snappy")


def _measured(signals: Sequence[Signal], plan: EstatePlan) -> Any:  # noqa: ANN401 -- a boolean matrix
    """Return which signal was measured in which hour."""
    draws = np.random.default_rng([plan.seed, 3])
    hours = np.arange(plan.days * 24)
    rows = np.zeros((len(signals), len(hours)), dtype=bool)
    for number, (resource, metric, _, _) in enumerate(signals):
        first, last = lifetime(resource, plan)
        if detached_at := resource.inventory.get("detached_at"):
            last = hours_since_start(detached_at, plan)
        rows[number, first : max(first, last)] = True
        if pattern := resource.spec.get("hours"):
            rows[number] &= is_running(pattern, hours, plan, draws)
        share = coverage(resource.spec, metric, plan)
        if share < 1:
            rows[number] &= draws.random(len(hours)) < share
    return rows & is_kept(len(hours), len(signals), plan, 1).T


def _levels(signals: Sequence[Signal], day: int, plan: EstatePlan) -> Any:  # noqa: ANN401 -- a matrix of numbers
    """Return [signal, hour]: the level of each metric in the hours of a day."""
    is_weekend = (plan.window.start + timedelta(days=day)).weekday() >= 5
    shape = _DAY_SHAPE * (_WEEKEND_SHARE if is_weekend else 1.0)
    low, high = (np.array([signal[index] for signal in signals])[:, None] for index in (2, 3))
    jitter = np.random.default_rng([plan.seed, 4, day]).uniform(-1, 1, (len(signals), len(shape)))
    levels = (low + (high - low) * shape) * (1 + _JITTER * jitter)
    _add_spikes(levels, signals, day, plan)
    return with_noise(levels, plan, 1, day)


def _day(signals: Sequence[Signal], measured: Any, day: int, plan: EstatePlan) -> pa.Table:  # noqa: ANN401 -- a boolean matrix
    values = _levels(signals, day, plan)
    number, hour = np.nonzero(measured)
    is_percent = np.array([signal[1].endswith("_percent") for signal in signals])
    is_counted = np.array([signal[1] in _COUNTED for signal in signals])
    is_whole = np.array([signal[1] in _WHOLE for signal in signals]) | is_counted
    value = np.where(is_whole[number], np.round(values[number, hour]), values[number, hour])
    average = np.where(is_counted[number], value / _SAMPLES, value)
    peak = np.where((is_whole & ~is_counted)[number], average, average * _PEAK)
    maximum = np.where(is_percent[number], np.minimum(peak, 100.0), peak)
    observed_at = np.datetime64(plan.window.start, "us") + (day * 24 + hour) * np.timedelta64(3_600_000_000, "us")
    columns = {
        "provider": _texts(["AWS"] * len(signals), number),
        "account_id": _texts([signal[0].account_id for signal in signals], number),
        "resource_id": _texts([signal[0].resource_id for signal in signals], number),
        "metric": _texts([signal[1] for signal in signals], number),
        "observed_at": pa.array(observed_at),
        "average": pa.array(np.minimum(average, np.where(is_percent[number], 100.0, np.inf))),
        "maximum": pa.array(maximum),
        "p95": pa.array(np.minimum(average * _NEARLY_PEAK, maximum)),
        "total": pa.array(value, mask=~is_counted[number]),
        "sample_count": pa.array(np.full(len(number), _SAMPLES, dtype=np.int64)),
    }
    return pa.table({name: columns[name] for name in UTILIZATION.column_names})


def _add_spikes(levels: Any, signals: Sequence[Signal], day: int, plan: EstatePlan) -> None:  # noqa: ANN401 -- a matrix of numbers
    """Let each metric under ``spikes`` reach its value in one hour, at three in the afternoon four days before the end."""
    if day != plan.days - _SPIKE_DAYS_AGO:
        return
    for number, (resource, metric, _, _) in enumerate(signals):
        if metric in (spikes := resource.spec.get("spikes", {})):
            levels[number, 15] = spikes[metric] / _PEAK


def _texts(values: Sequence[str], number: Any) -> Any:  # noqa: ANN401 -- Arrow and numpy arrays without stubs
    encoded = pa.array(values).dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices.take(pa.array(number)), encoded.dictionary)
