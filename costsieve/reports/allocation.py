"""Reads whose cost everything is. How shared cost was split is in costsieve.allocation."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from costsieve.contracts.results import DIMENSIONS
from costsieve.money import to_cents
from costsieve.period import Window
from costsieve.reports.amounts import cents_that_add_up
from costsieve.reports.queries import Row, by_currency, rows
from costsieve.reports.report_allocation import Allocation, DimensionCosts, UnsplitPool, UntaggedSpend, ValueCost
from costsieve.reports.report_savings import PlanStep
from costsieve.warehouse import Connection

_ZERO = Decimal("0.00")
_NAMED_POOLS = 4
"""Shared pools with a column of their own; the rest share one."""

OTHER_POOLS = "other_shared_costs"
LED_BY = "team"
"""The dimension that is shown in full, with its untagged spend and what the plan saves."""

type _Tagged = dict[tuple[str, str], Decimal | None]


def read_allocation(connection: Connection, as_of: date) -> dict[str, Allocation]:
    """Return the allocated costs of the last 30 complete days of each bill, by currency."""
    found = by_currency(rows(connection, "allocated_by_value", as_of=as_of))
    untagged = by_currency(rows(connection, "untagged_services", as_of=as_of, dimension=LED_BY))
    shares: _Tagged = {(row["currency"], row["dimension"]): _share(row) for row in rows(connection, "tag_coverage", as_of=as_of)}
    return {currency: _allocation(costs, shares, untagged.get(currency, [])) for currency, costs in found.items()}


def with_savings(allocation: Allocation, plan: Sequence[PlanStep]) -> Allocation:
    """Set what the plan saves beside each team's cost; a team without cost that can still save gets its row."""
    savings: dict[str | None, Decimal] = defaultdict(lambda: _ZERO)
    for step in plan:
        savings[step.team] += step.net_savings
    teams, *others = allocation.dimensions
    known = {value.value for value in teams.values}
    rest = [ValueCost(team, _ZERO, (_ZERO,) * len(teams.pools)) for team in sorted({*savings} - known, key=lambda name: name or "")]
    values = sorted((*teams.values, *rest), key=lambda value: value.value is None)
    shown = tuple(replace(value, net_savings=savings[value.value]) for value in values)
    return replace(allocation, dimensions=(replace(teams, values=shown), *others))


def _share(row: Row) -> Decimal | None:
    used: Decimal = row["usage_cost"]
    tagged: Decimal = row["tagged_cost"]
    return tagged / used if used > 0 else None


def _allocation(found: list[Row], shares: _Tagged, untagged: list[Row]) -> Allocation:
    window = Window(min(row["window_start"] for row in found), max(row["window_end"] for row in found))
    currency = found[0]["currency"]
    dimensions = tuple(
        _dimension(
            dimension,
            [row for row in found if row["dimension"] == dimension],
            shares.get((currency, dimension)),
            tuple(_untagged(row) for row in untagged) if dimension == LED_BY else (),
        )
        for dimension in DIMENSIONS
    )
    return Allocation(window, dimensions)


def _dimension(dimension: str, found: list[Row], tagged: Decimal | None, untagged: tuple[UntaggedSpend, ...]) -> DimensionCosts:
    """Every cell is rounded so that all of them add up to the total, to the cent."""
    cents = cents_that_add_up([row["cost"] for row in found])
    pools = _pools(found)
    own: dict[str | None, list[Decimal]] = {}
    nobodys: dict[str, Decimal] = defaultdict(lambda: _ZERO)
    for row, cost in zip(found, cents, strict=True):
        if row["share"] == "not split":
            nobodys[row["pool"]] += cost
            continue
        cells = own.setdefault(row["value"], [_ZERO] * (1 + len(pools)))
        cells[_place(row, pools)] += cost
    values = [ValueCost(value, cells[0], tuple(cells[1:])) for value, cells in own.items()]
    ordered = sorted(values, key=lambda value: (value.value is None, -value.total, value.value or ""))
    not_split = tuple(UnsplitPool(pool, cost) for pool, cost in sorted(nobodys.items()) if cost)
    return DimensionCosts(dimension, pools, tuple(ordered), not_split, tagged, untagged)


def _pools(found: list[Row]) -> tuple[str, ...]:
    """The shared pools with the largest cost, then one name for the rest."""
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for row in found:
        if row["share"] == "shared":
            costs[row["pool"]] += row["cost"]
    ranked = sorted(costs, key=lambda pool: (-abs(costs[pool]), pool))
    return (*ranked[:_NAMED_POOLS], OTHER_POOLS) if len(ranked) > _NAMED_POOLS else tuple(ranked)


def _place(row: Row, pools: tuple[str, ...]) -> int:
    if row["share"] == "direct":
        return 0
    return 1 + (pools.index(row["pool"]) if row["pool"] in pools else len(pools) - 1)


def _untagged(row: Row) -> UntaggedSpend:
    amounts = {name: to_cents(row[name]) for name in ("usage_cost", "untagged_cost")}
    return UntaggedSpend(row["provider"], row["account"], row["service"], **amounts)
