"""results.allocated_costs and results.tag_coverage of a night, made of the roll-ups. How one pool is split is in allocation.pools."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

import polars as pl

from costsieve.allocation.pools import OwnedCost, allocate
from costsieve.allocation_settings import SharedCost
from costsieve.contracts import results
from costsieve.contracts.allocation import SHARED_COSTS
from costsieve.settings import Allocation
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, query, replace_frame, replace_rows

type Row = dict[str, Any]

_PAYER = ("period", "dimension", "provider", "billing_account_id", "currency")


def allocate_costs(connection: Connection, as_of: date, allocation: Allocation) -> int:
    """Replace the night's rows of results.allocated_costs; return their number. core.container_costs must be of the same night."""
    replace_frame(connection, SHARED_COSTS, _entries(allocation.shared))
    owned = query(connection, model_sql("allocation/owned_costs"), {"as_of": as_of}).to_dicts()
    rows = [{"as_of": as_of, **row} for row in _rows(owned, allocation.shared)]
    frame = pl.DataFrame(rows, schema=results.ALLOCATED_COSTS.polars_schema())
    return replace_frame(connection, results.ALLOCATED_COSTS, frame, where={"as_of": as_of})


def measure_tag_coverage(connection: Connection, as_of: date) -> int:
    """Replace the night's rows of results.tag_coverage; return their number. core.container_costs must be of the same night."""
    return replace_rows(connection, results.TAG_COVERAGE, model_sql("allocation/tag_coverage"), {"as_of": as_of}, {"as_of": as_of})


def _entries(shared: Iterable[SharedCost]) -> pl.DataFrame:
    rows = [
        {
            "position": position,
            "name": entry.title,
            "pool": entry.pool,
            "service": entry.service,
            "usage_type": entry.usage_type,
            "is_idle_cluster": bool(entry.idle_cluster),
            "split_by": entry.by,
        }
        for position, entry in enumerate(shared)
    ]
    return pl.DataFrame(rows, schema=SHARED_COSTS.polars_schema())


def _rows(owned: list[Row], shared: tuple[SharedCost, ...]) -> Iterable[Row]:
    """Allocate payer by payer, then add up what each value got: a value is one, whoever its bills come from."""
    costs: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    windows: dict[tuple[str, str], tuple[date, date]] = {}
    for payer, members in groupby(sorted(owned, key=_payer_of), _payer_of):
        period, dimension, _, _, currency = payer
        rows = list(members)
        start, end = min(row["window_start"] for row in rows), max(row["window_end"] for row in rows)
        known_start, known_end = windows.get((period, currency), (start, end))
        windows[period, currency] = min(known_start, start), max(known_end, end)
        for share in allocate(dimension, [_owned(row) for row in rows], shared):
            costs[period, dimension, share.value, currency, share.share, share.pool] += share.cost
    for (period, dimension, value, currency, share_kind, pool), cost in costs.items():
        start, end = windows[period, currency]
        yield {
            "period": period,
            "window_start": start,
            "window_end": end,
            "dimension": dimension,
            "value": value,
            "currency": currency,
            "share": share_kind,
            "pool": pool,
            "cost": cost,
        }


def _payer_of(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in _PAYER)


def _owned(row: Row) -> OwnedCost:
    return OwnedCost(row["value"], row["pool"], row["position"], row["cost"], row["committed_cost"])
