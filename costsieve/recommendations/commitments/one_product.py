"""The exact least-cost hourly commitment to one spend-based product. Arithmetic only: no rates, no bills, no rounding.

A commitment of C dollars an hour buys usage at discounted prices. Within an hour the provider serves the usage with the
highest discount first (fractional knapsack), so the hourly bill is convex and piecewise linear in C, and the least-cost C is
the smallest one whose next dollar displaces no more on-demand dollars than it costs: a weighted quantile, found by one sort.

Everywhere below: ``on_demand`` [K, T] is the on-demand cost per distinct discount ratio and hour; ``ratios`` [K], ascending, is
discounted price over on-demand price, in (0, 1]; ``hour_weights`` [T] says how often an hour counts (1 for plain history).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TIE_TOLERANCE = 1e-12


def optimal_commitment(on_demand: Floats, ratios: Floats, hour_weights: Floats, price_of_commitment: float = 1.0) -> float:
    """Return the least commitment, in discounted dollars per hour, among those with the least total bill.

    ``price_of_commitment`` is what one committed dollar costs: 1 without upfront payment, more when money paid early has a cost.

    Raises ValueError when the shapes do not fit, a ratio is outside (0, 1], or the ratios do not ascend.
    """
    _check(on_demand, ratios, hour_weights)
    total_weight = float(hour_weights.sum())
    affordable = price_of_commitment * total_weight * (1 + _TIE_TOLERANCE)
    if ratios.size == 0 or total_weight / ratios[0] <= affordable:
        return 0.0
    levels = np.cumsum(ratios[:, None] * on_demand, axis=0).ravel()
    drops = ((1 / ratios - np.append(1 / ratios[1:], 0.0))[:, None] * hour_weights).ravel()
    order = np.argsort(levels)
    displaced = total_weight / ratios[0] - np.cumsum(drops[order])
    first = int(np.searchsorted(-displaced, -affordable))
    return float(levels[order[min(first, levels.size - 1)]])


def bill(on_demand: Floats, ratios: Floats, commitment: float, price_of_commitment: float = 1.0) -> Floats:
    """Return the bill of each hour [T]: the commitment, used or not, plus what it leaves at on-demand prices."""
    covered = covered_on_demand(on_demand, ratios, commitment).sum(axis=0)
    hourly: Floats = price_of_commitment * commitment + on_demand.sum(axis=0) - covered
    return hourly


def covered_on_demand(on_demand: Floats, ratios: Floats, commitment: float) -> Floats:
    """Return the on-demand cost [K, T] that the commitment displaces: lowest ratio first, until usage or commitment ends."""
    discounted = ratios[:, None] * on_demand
    before = np.cumsum(discounted, axis=0) - discounted
    covered: Floats = np.clip(commitment - before, 0.0, discounted) / ratios[:, None]
    return covered


def marginal_value(on_demand: Floats, ratios: Floats, hour_weights: Floats, commitment: float) -> float:
    """Return the on-demand dollars that one more committed dollar displaces per hour; worth buying while above its price."""
    levels = np.cumsum(ratios[:, None] * on_demand, axis=0)
    marginal_row = (levels <= commitment).sum(axis=0)
    displaced = np.append(1 / ratios, 0.0)[marginal_row]
    return float(displaced @ hour_weights / hour_weights.sum())


def break_even_utilization(on_demand: Floats, ratios: Floats, hour_weights: Floats, commitment: float) -> float:
    """Return the utilization below which the commitment costs more than on demand: discounted over on-demand cost of what it covers.

    1 when it covers nothing: then only a fully used commitment could break even.
    """
    covered = covered_on_demand(on_demand, ratios, commitment) @ hour_weights
    total = float(covered.sum())
    return float(ratios @ covered) / total if total > 0 else 1.0


def average_utilization(on_demand: Floats, ratios: Floats, hour_weights: Floats, commitment: float) -> float:
    """Return the used share of the commitment over all hours; 0 for no commitment."""
    if commitment <= 0:
        return 0.0
    used = ratios @ covered_on_demand(on_demand, ratios, commitment) @ hour_weights
    return float(used / (commitment * hour_weights.sum()))


def average_coverage(on_demand: Floats, ratios: Floats, hour_weights: Floats, commitment: float) -> float:
    """Return the share of on-demand cost that the commitment displaces over all hours; 0 where there is no usage."""
    total = float((on_demand @ hour_weights).sum())
    covered = float((covered_on_demand(on_demand, ratios, commitment) @ hour_weights).sum())
    return covered / total if total > 0 else 0.0


def _check(on_demand: Floats, ratios: Floats, hour_weights: Floats) -> None:
    if on_demand.shape != (ratios.size, hour_weights.size):
        message = f"on_demand has shape {on_demand.shape}, not (ratios, hours) = ({ratios.size}, {hour_weights.size})"
        raise ValueError(message)
    if ratios.size and (ratios.min() <= 0 or ratios.max() > 1 or np.any(np.diff(ratios) <= 0)):
        message = f"ratios must ascend strictly within (0, 1]; got {ratios.tolist()}"
        raise ValueError(message)
