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

type Floats = NDArray[np.float64]

_MACHINE = ["provider", "account_id", "resource_id", "currency", "billing_account_id"]
_USE = ["provider", "account_id", "currency", "billing_account_id", "region", "usage_type", "pricing_category", "usage_date"]


@dataclass(frozen=True)
class MachineHours:
    """Machine days of a month.

    `rows` have the number of a machine and payer (`machine`), a daily cost, and the number of its use on that day (`use`), whose share in
    each hour of the day `hour_shares` has [use, 24]. `machines` numbers machines and payers.
    """

    rows: pl.DataFrame
    hour_shares: Floats
    machines: Mapping[tuple[Machine, str], int]
    first_day: date
    days: int

    def committed(self, machines: Mapping[tuple[Machine, str], int]) -> Amounts:
        """Return the cost under shared commitments [machine, hour], for the machines and their payers as they are numbered."""
        rows, numbers, shares = self._spread(_IS_SHARED, {each: float(number) for each, number in machines.items()})
        cost = np.zeros((len(machines), self.days, 24))
        np.add.at(cost, (numbers.astype(np.int64), rows["day"].to_numpy()), shares)
        return billionths(cost.reshape(len(machines), self.days * 24), up=True)

    def on_demand(self, freed: Mapping[tuple[Machine, str], float]) -> Amounts:
        """Return what ends of on-demand usage in each hour [hour], when each machine's share `freed` of it ends."""
        rows, freed_shares, shares = self._spread(_IS_ON_DEMAND, freed)
        ended = np.zeros((self.days, 24))
        np.add.at(ended, rows["day"].to_numpy(), freed_shares[:, None] * shares)
        return billionths(ended.reshape(self.days * 24), up=True)

    def shared_cost(self) -> dict[Machine, Decimal]:
        """Return what each machine costs a month under commitments that are shared."""
        costs = dict(self.rows.filter(_IS_SHARED).group_by("machine").agg(pl.col("cost").sum()).iter_rows())
        found: dict[Machine, Decimal] = {}
        for (machine, _), number in self.machines.items():
            found[machine] = found.get(machine, Decimal(0)) + costs.get(number, Decimal(0))
        return found

    def payers(self) -> dict[Machine, list[str]]:
        """Return the billing accounts that each machine was billed to."""
        found: dict[Machine, list[str]] = {}
        for machine, payer in sorted(self.machines, key=lambda pair: pair[1]):
            found.setdefault(machine, []).append(payer)
        return found

    def _spread(self, selected: pl.Expr, values: Mapping[tuple[Machine, str], float]) -> tuple[pl.DataFrame, Floats, Floats]:
        """Return the selected rows of the machines that have a value, these values, and each row's cost by hour of the day."""
        value_of = np.full(len(self.machines), np.nan)
        for machine, value in values.items():
            value_of[self.machines[machine]] = value
        rows = self.rows.filter(selected & pl.Series(~np.isnan(value_of))[self.rows["machine"]])
        costs = rows["cost"].cast(pl.Float64).to_numpy()
        return rows, value_of[rows["machine"].to_numpy()], costs[:, None] * self.hour_shares[rows["use"].to_numpy()]


_IS_SHARED = (pl.col("pricing_category") == "Committed") & pl.col("is_shared")
_IS_ON_DEMAND = (pl.col("pricing_category") == "Standard") & pl.col("is_hourly")


def read_machine_hours(connection: Connection, as_of: date) -> MachineHours:
    """Read the machines with savings of one night over the window of their monthly figures."""
    rows = query(connection, statement("findings/machine_days.sql"), {"as_of": as_of})
    first_day, last_day = (rows["usage_date"].min(), rows["usage_date"].max()) if rows.height else (as_of, as_of)
    assert isinstance(first_day, date)
    assert isinstance(last_day, date)
    uses = query(
        connection, statement("findings/hours_of_use.sql"), {"window_start": first_day, "window_end": last_day + timedelta(days=1)}
    )
    numbered_uses, hour_shares = _hour_shares(uses)
    machines = rows.select(_MACHINE).unique(maintain_order=True).with_row_index("machine")
    rows = (
        rows.join(machines, on=_MACHINE, nulls_equal=True)
        .join(numbered_uses, on=_USE, how="left", nulls_equal=True)
        .with_columns(
            is_hourly=pl.col("use").is_not_null(),
            use=pl.col("use").fill_null(len(hour_shares) - 1),
            day=(pl.col("usage_date") - pl.lit(first_day)).dt.total_days(),
        )
    )
    numbers = {((*machine,), payer): number for number, *machine, payer in machines.iter_rows()}
    return MachineHours(rows, hour_shares, numbers, first_day, (last_day - first_day).days + 1)


def read_on_demand_hours(connection: Connection, hours: MachineHours) -> dict[Payer, Amounts]:
    """Return what on-demand machines cost in each hour of the same days, by payer and commitment scope."""
    window = {"window_start": hours.first_day, "window_end": hours.first_day + timedelta(days=hours.days)}
    rows = query(connection, statement("findings/on_demand_hours.sql"), window)
    found: dict[Payer, Amounts] = {}
    for (provider, payer, currency, scope), fleet in rows.group_by("provider", "payer", "currency", "commitment_scope"):
        cost = np.zeros(hours.days * 24)
        since_first_day = (pl.col("usage_hour") - pl.lit(hours.first_day).cast(pl.Datetime("us"))).dt.total_hours()
        np.add.at(cost, fleet.select(since_first_day).to_series().to_numpy(), fleet["cost"].cast(pl.Float64).to_numpy())
        found[str(provider), str(payer), str(currency), str(scope)] = billionths(cost, up=False)
    return found


def _hour_shares(uses: pl.DataFrame) -> tuple[pl.DataFrame, Floats]:
    """Number the uses, and return the share of each hour of their day; the last row is for uses that are not known: an even spread."""
    numbered = uses.select(_USE).unique(maintain_order=True).with_row_index("use")
    weights = np.zeros((numbered.height + 1, 24))
    places = uses.join(numbered, on=_USE, nulls_equal=True)
    weights[places["use"].to_numpy(), places["hour_of_day"].to_numpy()] = places["weight"].to_numpy()
    weights[-1] = 1
    return numbered, weights / weights.sum(axis=1, keepdims=True)
