"""What makes metrics hard to read, where the plan asks for it: noise that changes no verdict, and hours or series that are missing."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costsieve.estate.plan import EstatePlan

_NOISE = 0.04
"""Standard deviation of the noise, relative to the value; twice that is the most."""

_LOST_SHARE = 0.12
"""Share of the hours of the week that any series lacks under noise, in one week of four: 3 percent of all, far less than gaps."""

_WEEK = 168
_WEEKS = 4


def with_noise(values: NDArray[np.float64], plan: EstatePlan, *part: int) -> NDArray[np.float64]:
    """Return values with noise under a noisy plan; zero stays zero, because nothing happened."""
    if not plan.noise:
        return values
    noise = np.random.default_rng([plan.seed, 31, *part]).normal(0.0, _NOISE, values.shape)
    noisy: NDArray[np.float64] = values * (1 + np.clip(noise, -2 * _NOISE, 2 * _NOISE))
    return noisy


def is_kept(hours: int, series: int, plan: EstatePlan, *part: int) -> NDArray[np.bool_]:
    """Return [hours, series]: which points a noisy plan keeps; all of them under any other.

    The same hour of the week is lost once in four weeks at most, counted back from the end.
    """
    if not plan.noise:
        return np.ones((hours, series), dtype=np.bool_)
    draws = np.random.default_rng([plan.seed, 32, *part])
    is_unlucky = draws.random((_WEEK, series)) < _LOST_SHARE
    lost_week = draws.integers(0, _WEEKS, (_WEEK, series))
    back = np.arange(hours)[::-1]
    kept: NDArray[np.bool_] = ~(is_unlucky[back % _WEEK] & (lost_week[back % _WEEK] == (back // _WEEK % _WEEKS)[:, None]))
    return kept


def coverage(spec: Mapping[str, Any], metric: str, plan: EstatePlan) -> float:
    """Return the share of its hours that a metric is measured in.

    ``coverage`` of an entry always holds; ``missing`` (its own coverage, and the metrics if not all) under a plan with missing metrics.
    """
    missing = spec.get("missing")
    if plan.missing_metrics and missing and metric in missing.get("metrics", [metric]):
        return float(missing["coverage"])
    return float(spec.get("coverage", 1.0))
