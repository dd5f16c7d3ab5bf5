"""The part of a report that says whose cost everything is. See costsieve.reports.report for the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from costsieve.period import Window

_ZERO = Decimal("0.00")


@dataclass(frozen=True)
class ValueCost:
    """One value of a dimension (None: untagged): its own cost, its part of each of ``DimensionCosts.pools``, and what the plan saves it."""

    value: str | None
    direct: Decimal
    shared: tuple[Decimal, ...]
    net_savings: Decimal = _ZERO

    @property
    def shared_total(self) -> Decimal:
        """Its part of all pools."""
        return sum(self.shared, _ZERO)

    @property
    def total(self) -> Decimal:
        """Own and shared cost."""
        return self.direct + self.shared_total


@dataclass(frozen=True)
class UnsplitPool:
    """A pool that no key of the configuration splits: nobody's cost."""

    pool: str
    cost: Decimal


@dataclass(frozen=True)
class UntaggedSpend:
    """Usage of one service in one account, and the part of it that has no value."""

    provider: str
    account: str
    service: str
    usage_cost: Decimal
    untagged_cost: Decimal


@dataclass(frozen=True)
class DimensionCosts:
    """All cost of the window by the values of one dimension; ``tagged_share`` is of usage, None where nothing was used."""

    dimension: str
    pools: tuple[str, ...]
    values: tuple[ValueCost, ...]
    not_split: tuple[UnsplitPool, ...]
    tagged_share: Decimal | None
    untagged: tuple[UntaggedSpend, ...]

    @property
    def total(self) -> Decimal:
        """Everything, whoever it belongs to."""
        return sum((value.total for value in self.values), _ZERO) + sum((pool.cost for pool in self.not_split), _ZERO)

    @property
    def is_used(self) -> bool:
        """Whether any cost has a value of this dimension."""
        return any(value.value is not None for value in self.values)


@dataclass(frozen=True)
class Allocation:
    """The window and its dimensions: teams first, then the others."""

    window: Window
    dimensions: tuple[DimensionCosts, ...]

    @property
    def total(self) -> Decimal:
        """The same for every dimension."""
        return self.dimensions[0].total


def cut(values: Sequence[ValueCost], limit: int) -> tuple[Sequence[ValueCost], Sequence[ValueCost]]:
    """Return the named values that are shown and those that one line stands for; a single one needs no line to stand for it."""
    named = [value for value in values if value.value is not None]
    return (named, []) if len(named) <= limit + 1 else (named[:limit], named[limit:])


def in_total(values: Sequence[ValueCost]) -> ValueCost:
    """Add values up, as for a line that stands for those that are not shown."""
    shared = tuple(sum(column, _ZERO) for column in zip(*(value.shared for value in values), strict=True))
    direct = sum((value.direct for value in values), _ZERO)
    return ValueCost(None, direct, shared, sum((value.net_savings for value in values), _ZERO))
