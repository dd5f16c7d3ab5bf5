"""What makes metrics hard to read, where the plan asks for it: noise that changes no verdict, and hours or whole series that are missing."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costsieve.estate.plan import EstatePlan

_NOISE = 0.04
"""Standard deviation of the noise, relative to the value; twice that is the most."""

_LOST_SHARE = 0.03
"""Share of the hours that any series lacks under noise: far less than what a rule calls gaps."""


def with_noise(values: NDArray[np.float64], plan: EstatePlan, *part: int) -> NDArray[np.float64]:
    """Return values with noise under a noisy plan; zero stays zero, because nothing happened."""
    if not plan.noise:
        return values
    noise = np.random.default_rng([plan.seed, 31, *part]).normal(0.0, _NOISE, values.shape)
    noisy: NDArray[np.float64] = values * (1 + np.clip(noise, -2 * _NOISE, 2 * _NOISE))
    return noisy


def is_kept(shape: tuple[int, int], plan: EstatePlan, *part: int) -> NDArray[np.bool_]:
    """Return which points a noisy plan keeps; all of them under any other."""
    if not plan.noise:
        return np.ones(shape, dtype=np.bool_)
    kept: NDArray[np.bool_] = np.random.default_rng([plan.seed, 32, *part]).random(shape) >= _LOST_SHARE
    return kept


def coverage(spec: Mapping[str, Any], metric: str, plan: EstatePlan) -> float:
    """Return the share of its hours that a metric is measured in.

    ``coverage`` of an entry always holds; ``missing`` (its own coverage, and the metrics if not all) where the plan lets metrics be missing.
    """
    missing = spec.get("missing")
    if plan.missing_metrics and missing and metric in missing.get("metrics", [metric]):
        return float(missing["coverage"])
    return float(spec.get("coverage", 1.0))
