"""Reads whose cost everything is. How shared cost was split is in costsieve.allocation."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
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

_USAGE = ("direct", "usage")

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
            untagged if dimension == LED_BY else [],
        )
        for dimension in DIMENSIONS
    )
    return Allocation(window, dimensions)


def _dimension(dimension: str, found: list[Row], tagged: Decimal | None, untagged: list[Row]) -> DimensionCosts:
    pools = _pools(found)
    own: dict[str | None, list[Decimal]] = {}
    nobodys: dict[str, Decimal] = defaultdict(lambda: _ZERO)
    for row, cost in _in_cents(found):
        if row["share"] == "not split":
            nobodys[row["pool"]] += cost
            continue
        cells = own.setdefault(row["value"], [_ZERO] * (1 + len(pools)))
        cells[_place(row, pools)] += cost
    values = [ValueCost(value, cells[0], tuple(cells[1:])) for value, cells in own.items()]
    ordered = sorted(values, key=lambda value: (value.value is None, -value.total, value.value or ""))
    not_split = tuple(UnsplitPool(pool, cost) for pool, cost in sorted(nobodys.items()) if cost)
    return DimensionCosts(dimension, pools, tuple(ordered), not_split, tagged, _untagged(untagged))


def _in_cents(found: list[Row]) -> Iterator[tuple[Row, Decimal]]:
    """Round so that all cells add up: usage as everywhere in the report, then the other pools, then the values within each of them.

    Pools are rounded before values, so that a pool has the same total in every dimension.
    """
    pools: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in sorted(found, key=lambda row: (row["share"], row["pool"]) != _USAGE):
        pools[row["share"], row["pool"]].append(row)
    sums = [sum((row["cost"] for row in members), Decimal(0)) for members in pools.values()]
    total = to_cents(sum(sums, Decimal(0)))
    first = [to_cents(sums[0])] if next(iter(pools)) == _USAGE and len(sums) > 1 else []
    goals = [*first, *cents_that_add_up(sums[len(first) :], total - sum(first, _ZERO))]
    for members, goal in zip(pools.values(), goals, strict=True):
        yield from zip(members, cents_that_add_up([row["cost"] for row in members], goal), strict=True)


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


def _untagged(found: list[Row]) -> tuple[UntaggedSpend, ...]:
    cents = cents_that_add_up([row["untagged_cost"] for row in found])
    return tuple(
        UntaggedSpend(row["provider"], row["account"], row["service"], to_cents(row["usage_cost"]), cost)
        for row, cost in zip(found, cents, strict=True)
    )
