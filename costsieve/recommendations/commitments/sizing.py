"""One commitment sized on hourly cost, with what it would do. Knows no provider and writes nothing."""

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from costsieve.period import HOURS_PER_MONTH
from costsieve.recommendations.commitments import one_product
from costsieve.recommendations.commitments.hourly_cost import HourlyCost

HOURS_PER_YEAR = 8760
_MILS = 1000


@dataclass(frozen=True)
class Sizing:
    """A commitment and its effect on the hours it was sized on. Shares are 0..1; ``monthly_savings`` is per 30 days."""

    commitment: Decimal
    monthly_savings: float
    utilization: float
    coverage: float
    break_even_utilization: float
    marginal_value: float


def size(cost: HourlyCost) -> Sizing:
    """Return the least-cost commitment, rounded down to a tenth of a cent an hour."""
    exact = one_product.optimal_commitment(cost.on_demand, cost.ratios, _ones(cost))
    return at_commitment(cost, Decimal(math.floor(exact * _MILS + 1e-6)) / _MILS)


def at_commitment(cost: HourlyCost, commitment: Decimal) -> Sizing:
    """Return what a given hourly commitment would do to these hours; savings are negative where it costs more than it saves."""
    weights, level = _ones(cost), float(commitment)
    saved = cost.hourly_total - one_product.bill(cost.on_demand, cost.ratios, level)
    return Sizing(
        commitment=commitment,
        monthly_savings=float(saved.mean()) * HOURS_PER_MONTH,
        utilization=one_product.average_utilization(cost.on_demand, cost.ratios, weights, level),
        coverage=one_product.average_coverage(cost.on_demand, cost.ratios, weights, level),
        break_even_utilization=one_product.break_even_utilization(cost.on_demand, cost.ratios, weights, level),
        marginal_value=one_product.marginal_value(cost.on_demand, cost.ratios, weights, level),
    )


def last_weeks(cost: HourlyCost, weeks: int) -> HourlyCost:
    """Return the last whole weeks of the hours."""
    return HourlyCost(cost.on_demand[:, -weeks * 168 :], cost.ratios)


def _ones(cost: HourlyCost) -> NDArray[np.float64]:
    return np.ones(cost.on_demand.shape[1])
