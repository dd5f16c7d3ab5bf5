"""core.container_costs: instance cost that passes to the containers that ran on the instance. Containers never add cost of their own."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from itertools import groupby
from typing import Any

import polars as pl

from costsieve.contracts.containers import CONTAINER_COSTS
from costsieve.core.shares import split
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query, replace_frame

type Row = dict[str, Any]

_INSTANCE = ("x_source", "BillingAccountId", "SubAccountId", "BillingCurrency", "usage_date", "parent_resource_id")
_SMALLEST = Decimal("1e-12")


def compute_container_costs(connection: Connection, as_of: date) -> int:
    """Replace core.container_costs for the windows that costs are allocated over; return its row count.

    What containers used and left unused, after discounts, leaves the instance of that day; where the two exceed what the instance cost,
    they share that cost in proportion; where they do not reach it, the rest stays with the instance.
    """
    claims = query(connection, statement("core/container_claims.sql"), {"as_of": as_of}).to_dicts()
    ordered = sorted(claims, key=_instance_of)
    rows = [row for _, members in groupby(ordered, _instance_of) for row in _passed_on(list(members))]
    return replace_frame(connection, CONTAINER_COSTS, pl.DataFrame(rows, schema=CONTAINER_COSTS.polars_schema()))


def _instance_of(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in _INSTANCE)


def _passed_on(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield what leaves one instance on one day, as negative rows, and where it goes."""
    parts = [row for row in rows if row["role"] == "instance"]
    claims = [row for row in rows if row["role"] != "instance" and row["cost"] > 0]
    cost, claimed = _total(parts, "cost"), _total(claims, "cost")
    if cost <= 0 or claimed <= 0:
        return
    costs = {index: row["cost"] for index, row in enumerate(claims)}
    taken = split(cost, costs) if claimed > cost else costs
    moved = sum(taken.values(), Decimal(0))
    committed = _total(parts, "committed_cost")
    largest = max(parts, key=lambda row: (row["cost"], str(row["x_usage_type"])))
    charged_under = {"ServiceName": largest["ServiceName"], "x_usage_type": largest["x_usage_type"]}
    passed = {index: (committed * part / cost).quantize(_SMALLEST, ROUND_DOWN) for index, part in taken.items()}
    for index, part in taken.items():
        if part:
            yield {**claims[index], **charged_under, "cost": part, "committed_cost": passed[index]}
    yield from _left(parts, moved, sum(passed.values(), Decimal(0)))


def _left(parts: Sequence[Row], moved: Decimal, committed: Decimal) -> Iterator[Row]:
    """Take what moved from the rows of the instance, in proportion where a change of tags or price gave it several that day."""
    costs = split(moved, {index: row["cost"] for index, row in enumerate(parts)})
    committed_costs = split(committed, {index: row["committed_cost"] for index, row in enumerate(parts)})
    for index, part in enumerate(parts):
        cost, committed_cost = costs.get(index, Decimal(0)), committed_costs.get(index, Decimal(0))
        if cost or committed_cost:
            yield {**part, "cost": -cost, "committed_cost": -committed_cost}


def _total(rows: Sequence[Row], name: str) -> Decimal:
    return sum((row[name] for row in rows), Decimal(0))
