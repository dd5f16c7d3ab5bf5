"""Splitting pools of shared cost over the values of one allocation dimension. Which charges are in which pool, sql/allocation decides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from costsieve.allocation_settings import SharedCost
from costsieve.core.shares import split


@dataclass(frozen=True)
class OwnedCost:
    """Cost under one value of a dimension, None where there is none; ``position`` is the entry of `shared` that it belongs to."""

    value: str | None
    pool: str
    position: int | None
    cost: Decimal
    committed_cost: Decimal


@dataclass(frozen=True)
class Share:
    """One row of results.allocated_costs: direct, shared or not split."""

    value: str | None
    share: str
    pool: str
    cost: Decimal


def allocate(dimension: str, owned: Sequence[OwnedCost], shared: Sequence[SharedCost]) -> list[Share]:
    """Give every value of ``dimension`` what it owns and its part of each pool; the shares add up to the owned costs exactly.

    ``owned`` is of one provider, billing account and currency: nobody pays for commitments or support of another bill.
    Usage without a value is the untagged value's own and takes its part of pools too. What is neither usage nor tagged, and in no pool
    that can be split, stays nobody's.
    """
    own = [cost for cost in owned if cost.position is None]
    shares = [share for share in map(_own, own) if share.cost or share.share == "direct"]
    for position, entry in enumerate(shared):
        pooled = [cost for cost in owned if cost.position == position]
        if pooled:
            amount = sum((cost.cost for cost in pooled), Decimal(0))
            shares += _split_pool(entry, amount, _weights(entry, dimension, own))
    return shares


def _own(cost: OwnedCost) -> Share:
    is_owned = cost.pool == "usage" or (cost.value is not None and cost.pool != "idle_cluster")
    return Share(cost.value, "direct", cost.pool, cost.cost) if is_owned else Share(None, "not split", cost.pool, cost.cost)


def _split_pool(entry: SharedCost, amount: Decimal, weights: Mapping[str | None, Decimal]) -> Iterator[Share]:
    parts = split(amount, weights)
    if not parts:
        yield Share(None, "not split", entry.title, amount)
    for value, part in parts.items():
        if part:
            yield Share(value, "shared", entry.title, part)


def _weights(entry: SharedCost, dimension: str, own: Sequence[OwnedCost]) -> dict[str | None, Decimal]:
    weights: dict[str | None, Decimal] = {}
    if entry.by == "shares":
        weights.update(entry.shares.get(dimension, {}))
        return weights
    for cost in (cost for cost in own if cost.pool == "usage"):
        weight = cost.committed_cost if entry.by == "committed_cost" else cost.cost
        weights[cost.value] = weights.get(cost.value, Decimal(0)) + weight
    if entry.by == "equal":
        return {value: Decimal(1) for value, cost in weights.items() if value is not None and cost > 0}
    return weights
