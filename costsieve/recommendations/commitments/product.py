"""A commitment product and the usage of one bill that it could cover. What is recommended from it is in recommend.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from costsieve.recommendations.commitments.hourly_cost import Floats, HourlyCost, hourly_cost, item_hours, removed_hours
from costsieve.recommendations.commitments.look_back import BillSpan, LookBack
from costsieve.recommendations.commitments.rates import Item, Rate
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, query


@dataclass(frozen=True)
class Product:
    """What one commitment product covers, at which rates, and how it is bought.

    ``hours_model``, ``days_model`` and ``covered_model`` are folders of sql/recommendations; ``rates`` returns the known rates
    of a look-back, given the usage that commitments already cover; ``excluded`` maps families the product never pays for to the
    reason; ``applies_negotiated_discount`` says whether savings shrink by the account's own discount on such usage.
    """

    kind: str
    name: str
    provider: str
    hours_model: str
    days_model: str
    covered_model: str
    rates: Callable[[Connection, LookBack, pl.DataFrame], Mapping[Item, Rate]]
    excluded: Mapping[str, str]
    applies_negotiated_discount: bool
    command: Callable[[BillSpan, Decimal], str]
    payment: str
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class Eligible:
    """On-demand usage of one bill in one look-back, before and after clean-up.

    ``left_out`` and ``excluded`` hold the on-demand cost of items without a known rate, and of families that never pay.
    ``net_share`` is what the account pays of a dollar at on-demand price.
    """

    before: HourlyCost
    after: HourlyCost
    rates: Mapping[Item, Rate]
    left_out: Mapping[Item, float]
    excluded: Mapping[str, float]
    covered_cost: float
    net_share: float


def eligible_usage(connection: Connection, product: Product, span: BillSpan, window: LookBack, accepted: pl.DataFrame) -> Eligible:
    """Read the usage that ``product`` could cover; ``accepted`` are the actions whose resources end or shrink."""
    hours = _of_bill(_rows(connection, product.hours_model, window), span)
    covered = _of_bill(_rows(connection, product.covered_model, window), span)
    known = product.rates(connection, window, covered)
    totals = {(f, o): float(c) for f, o, c in hours.group_by("family", "operation").agg(pl.col("on_demand_cost").sum()).iter_rows()}
    items = sorted(item for item in totals if item in known and item[0] not in product.excluded)
    cost = item_hours(hours, items, window)
    ended = _ended(connection, product, span, (window, items), accepted)
    rates = {item: known[item] for item in items}
    return Eligible(
        before=hourly_cost(cost, items, rates),
        after=hourly_cost((cost - ended).clip(min=0.0), items, rates),
        rates=rates,
        left_out={i: totals[i] for i in sorted(totals) if i not in known and i[0] not in product.excluded and totals[i] > 0},
        excluded={
            family: sum(c for i, c in totals.items() if i[0] == family) for family in sorted({i[0] for i in totals} & set(product.excluded))
        },
        covered_cost=float(covered["on_demand_cost"].sum() or 0),
        net_share=_net_share(hours) if product.applies_negotiated_discount else 1.0,
    )


def _ended(connection: Connection, product: Product, span: BillSpan, scope: tuple[LookBack, list[Item]], accepted: pl.DataFrame) -> Floats:
    window, items = scope
    actions = accepted.filter(pl.col("provider") == product.provider)
    resources = sorted(set(actions["resource_id"].to_list()))
    parameters = {"window_start": window.start, "window_end": window.end, "resource_ids": resources or [""]}
    days = query(connection, model_sql(f"recommendations/{product.days_model}"), parameters)
    return removed_hours(_of_bill(days, span), actions, items, window)


def _net_share(hours: pl.DataFrame) -> float:
    """Return net over on-demand cost: below 1 where the account has a negotiated discount in net columns."""
    on_demand, net = float(hours["on_demand_cost"].sum() or 0), float(hours["net_cost"].sum() or 0)
    return min(max(net / on_demand, 0.0), 1.0) if on_demand > 0 else 1.0


def _rows(connection: Connection, model: str, window: LookBack) -> pl.DataFrame:
    return query(connection, model_sql(f"recommendations/{model}"), {"window_start": window.start, "window_end": window.end})


def _of_bill(rows: pl.DataFrame, span: BillSpan) -> pl.DataFrame:
    return rows.filter(pl.col("BillingAccountId") == span.account_id, pl.col("BillingCurrency") == span.currency)
