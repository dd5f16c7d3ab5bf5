"""What machines with findings cost hour by hour, from daily costs and the hours in which such usage ran. Nothing is priced here.

The roll-ups know resources by day, and hours without resources. So the cost of a machine on a day is spread over the hours of that day as
the usage of its account, region, usage type and pricing category was; evenly where the hourly usage does not know that usage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from costsieve.findings.reapplied import Amounts, billionths
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query

type Machine = tuple[str, str | None, str, str]
"""Provider, account, resource, currency."""

type Payer = tuple[str, str, str, str]
"""Provider, billing account, currency, commitment scope: within it, machines take over each other's commitments."""

_MACHINE = ["provider", "account_id", "resource_id", "currency"]
_USE = ["provider", "account_id", "currency", "billing_account_id", "region", "usage_type", "pricing_category", "usage_date"]


@dataclass(frozen=True)
class MachineHours:
    """Machine days of a month: `rows` with the machine, its payer and a daily cost, and the share of each hour of the day [row, 24]."""

    rows: pl.DataFrame
    hour_shares: NDArray[np.float64]
    first_day: date
    days: int

    def committed(self, machines: Mapping[tuple[Machine, str], int]) -> Amounts:
        """Return the cost under shared commitments [machine, hour], for the machines and their payers as they are numbered."""
        is_shared = (self.rows["pricing_category"] == "Committed") & self.rows["is_shared"]
        cost = np.zeros((len(machines), self.days, 24))
        numbers, days, costs, shares = self._selected(is_shared, machines)
        np.add.at(cost, (numbers, days), costs[:, None] * shares)
        return billionths(cost.reshape(len(machines), self.days * 24), up=True)

    def on_demand(self, freed: Mapping[tuple[Machine, str], float]) -> Amounts:
        """Return what ends of on-demand usage in each hour [hour], when each machine's share `freed` of it ends."""
        is_on_demand = (self.rows["pricing_category"] == "Standard") & self.rows["is_hourly"]
        places = {machine: number for number, machine in enumerate(freed)}
        numbers, days, costs, shares = self._selected(is_on_demand, places)
        ended = np.zeros((self.days, 24))
        np.add.at(ended, days, (costs * np.array(list(freed.values()))[numbers])[:, None] * shares)
        return billionths(ended.reshape(self.days * 24), up=True)

    def shared_cost(self) -> dict[Machine, Decimal]:
        """Return what each machine costs a month under commitments that are shared."""
        shared = self.rows.filter((pl.col("pricing_category") == "Committed") & pl.col("is_shared"))
        return {(*key,): cost for *key, cost in shared.group_by(_MACHINE).agg(pl.col("cost").sum()).iter_rows()}

    def payers(self) -> dict[Machine, list[str]]:
        """Return the billing accounts that each machine was billed to."""
        pairs = self.rows.select(*_MACHINE, "billing_account_id").unique().sort("billing_account_id")
        found: dict[Machine, list[str]] = {}
        for *key, payer in pairs.iter_rows():
            found.setdefault((*key,), []).append(payer)
        return found

    def _selected(
        self, selected: pl.Series, machines: Mapping[tuple[Machine, str], int]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        keys = self.rows.select(*_MACHINE, "billing_account_id").iter_rows()
        numbers = np.array([machines.get(((provider, *rest), payer), -1) for provider, *rest, payer in keys], dtype=np.int64)
        kept = selected.to_numpy() & (numbers >= 0)
        days = (self.rows["usage_date"] - self.first_day).dt.total_days().to_numpy()
        return numbers[kept], days[kept], self.rows["cost"].cast(pl.Float64).to_numpy()[kept], self.hour_shares[kept]


def read_machine_hours(connection: Connection, as_of: date) -> MachineHours:
    """Read the machines with savings of one night over the window of their monthly figures."""
    rows = query(connection, statement("findings/machine_days.sql"), {"as_of": as_of})
    first_day, last_day = (rows["usage_date"].min(), rows["usage_date"].max()) if rows.height else (as_of, as_of)
    assert isinstance(first_day, date)
    assert isinstance(last_day, date)
    window = {"window_start": first_day, "window_end": last_day + timedelta(days=1)}
    uses = query(connection, statement("findings/hours_of_use.sql"), window)
    numbered = uses.select(_USE).unique(maintain_order=True).with_row_index("use")
    weights = np.zeros((numbered.height + 1, 24))
    places = uses.join(numbered, on=_USE, how="left", nulls_equal=True)
    weights[places["use"].to_numpy(), places["hour_of_day"].to_numpy()] = places["weight"].to_numpy()
    weights[-1] = 1
    shares = weights / weights.sum(axis=1, keepdims=True)
    rows = rows.join(numbered, on=_USE, how="left", nulls_equal=True, maintain_order="left")
    uses_of_rows = rows["use"].fill_null(numbered.height).to_numpy()
    return MachineHours(
        rows.with_columns(is_hourly=pl.col("use").is_not_null()), shares[uses_of_rows], first_day, (last_day - first_day).days + 1
    )


def read_on_demand_hours(connection: Connection, hours: MachineHours) -> dict[Payer, Amounts]:
    """Return what on-demand machines cost in each hour of the same days, by payer and commitment scope."""
    last_day = hours.first_day + timedelta(days=hours.days)
    rows = query(connection, statement("findings/on_demand_hours.sql"), {"window_start": hours.first_day, "window_end": last_day})
    found: dict[Payer, Amounts] = {}
    for key, fleet in rows.group_by("provider", "payer", "currency", "commitment_scope"):
        cost = np.zeros(hours.days * 24)
        np.add.at(cost, _hour_places(fleet, hours.first_day), fleet["cost"].cast(pl.Float64).to_numpy())
        found[tuple(key)] = billionths(cost, up=False)
    return found


def _hour_places(fleet: pl.DataFrame, first_day: date) -> NDArray[np.int64]:
    return fleet.select((pl.col("usage_hour") - pl.lit(first_day).cast(pl.Datetime("us"))).dt.total_hours()).to_series().to_numpy()
