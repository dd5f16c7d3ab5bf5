"""Which part of freed commitments other on-demand usage takes over, hour by hour. Arithmetic on arrays only; reads no table.

Amounts are whole billionths of the currency (int64), so that what is taken over never exceeds what there was to take it over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

type Amounts = NDArray[np.int64]

BILLIONTHS = 1_000_000_000
_BILLIONTH = Decimal("1e-9")


@dataclass(frozen=True)
class Action:
    """A finding that frees `share` (0..1) of what its machine, a row of the array, costs under commitments."""

    finding_id: str
    machine: int
    share: float


@dataclass(frozen=True)
class Reapplied:
    """What becomes of the commitment that one action frees: the cost that is lost, and in how many hours there was some and none lost."""

    lost_cost: Decimal
    hours_freed: int
    hours_taken_over: int


def reapply(actions: Sequence[Action], committed: Amounts, on_demand: Amounts) -> dict[str, Reapplied]:
    """Give freed commitments, in the order of the actions, to the on-demand usage that is left in the same hour.

    Args:
        actions: The actions of one fleet in the order of the plan.
        committed: Cost under commitments [machine, hour].
        on_demand: Cost [hour] of the fleet's on-demand usage that no action ends.

    Returns:
        By finding. Where two actions free the same commitment, the later one loses of it what the earlier one lost, and takes no further
        on-demand usage for it.
    """
    capacity = np.maximum(on_demand, 0)
    freed_share = np.zeros(len(committed))
    lost_before = np.zeros_like(committed)
    reapplied = {}
    for action in actions:
        row = action.machine
        newly_freed = _rounded_up(action.share * (1 - freed_share[row]) * committed[row])
        taken = np.minimum(newly_freed, capacity)
        capacity -= taken
        lost = newly_freed - taken + _rounded_up(action.share * lost_before[row])
        lost_before[row] += newly_freed - taken
        freed_share[row] += action.share * (1 - freed_share[row])
        is_freed = committed[row] > 0
        reapplied[action.finding_id] = Reapplied(int(lost.sum()) * _BILLIONTH, int(is_freed.sum()), int((is_freed & (lost == 0)).sum()))
    return reapplied


def billionths(amounts: NDArray[np.float64], *, up: bool) -> Amounts:
    """Return amounts of the currency as whole billionths, negative ones as 0; rounded up for what is freed, down for what may take it."""
    scaled = np.maximum(amounts, 0) * BILLIONTHS
    return _rounded_up(scaled) if up else np.floor(scaled + _FLOAT_NOISE).astype(np.int64)


_FLOAT_NOISE = 1e-3
"""In billionths: what float arithmetic adds to an amount that was a whole number of them."""


def _rounded_up(amounts: NDArray[np.float64]) -> Amounts:
    return np.ceil(amounts - _FLOAT_NOISE).astype(np.int64)
