"""On-demand cost by discount ratio and hour, as the optimizer takes it, before and after clean-up. No sizing here.

Money turns from DECIMAL to float here and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from costsieve.recommendations.commitments.look_back import LookBack
from costsieve.recommendations.commitments.rates import Item, Rate

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HourlyCost:
    """On-demand cost [K, T] per distinct ratio (ascending) and hour; ``ratios`` [K]."""

    on_demand: Floats
    ratios: Floats

    @property
    def hourly_total(self) -> Floats:
        """On-demand cost of each hour."""
        total: Floats = self.on_demand.sum(axis=0)
        return total

    @property
    def hourly_discounted(self) -> Floats:
        """What each hour would cost if all of it were covered: the unit in which commitments are made."""
        discounted: Floats = self.ratios @ self.on_demand
        return discounted


def item_hours(rows: pl.DataFrame, items: list[Item], window: LookBack) -> Floats:
    """Return the on-demand cost [items, hours] from rows of family, operation, usage_hour and on_demand_cost."""
    position = {item: index for index, item in enumerate(items)}
    cost = np.zeros((len(items), window.hours))
    for family, operation, hour, amount in rows.select("family", "operation", "usage_hour", "on_demand_cost").iter_rows():
        if (family, operation) in position:
            cost[position[family, operation], (hour - window.start) // timedelta(hours=1)] += float(amount)
    return np.maximum(cost, 0.0)


def removed_hours(days: pl.DataFrame, accepted: pl.DataFrame, items: list[Item], window: LookBack) -> Floats:
    """Return the cost [items, hours] that accepted actions end, each day spread evenly over its hours.

    ``days`` has SubAccountId, ResourceId, BillingCurrency, usage_date, family, operation and on_demand_cost; ``accepted`` has
    account_id, resource_id, currency and remaining_cost_share, the share of the cost that stays.
    """
    ended = days.join(
        accepted.select("account_id", "resource_id", "currency", pl.col("remaining_cost_share").cast(pl.Float64)),
        left_on=["SubAccountId", "ResourceId", "BillingCurrency"],
        right_on=["account_id", "resource_id", "currency"],
        nulls_equal=True,
    ).with_columns(removed=pl.col("on_demand_cost").cast(pl.Float64) * (1 - pl.col("remaining_cost_share")))
    position = {item: index for index, item in enumerate(items)}
    by_day = np.zeros((len(items), window.days))
    for family, operation, day, amount in ended.select("family", "operation", "usage_date", "removed").iter_rows():
        if (family, operation) in position:
            by_day[position[family, operation], (day - window.start.date()).days] += amount
    return np.repeat(by_day / 24, 24, axis=1)


def hourly_cost(cost: Floats, items: list[Item], rates: Mapping[Item, Rate]) -> HourlyCost:
    """Merge items of equal ratio and value their usage at what it really costs on demand."""
    item_ratios = np.array([rates[item].effective_ratio for item in items])
    kept = np.array([rates[item].kept_share for item in items])
    ratios, group = np.unique(item_ratios, return_inverse=True)
    on_demand = np.zeros((ratios.size, cost.shape[1]))
    np.add.at(on_demand, group, kept[:, None] * cost)
    return HourlyCost(on_demand, ratios)
