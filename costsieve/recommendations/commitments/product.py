"""A commitment product and the usage of one bill that it could cover. What is recommended from it is in recommend.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
    of a look-back, given the usage that commitments already cover; ``never_pays`` maps families to the reason why; under
    ``forfeits_discounts`` covered usage loses every other discount, else the account's discounts apply to both prices.
    """

    kind: str
    name: str
    provider: str
    hours_model: str
    days_model: str
    covered_model: str
    rates: Callable[[Connection, LookBack, pl.DataFrame], Mapping[Item, Rate]]
    never_pays: Mapping[str, str]
    forfeits_discounts: bool
    command: Callable[[BillSpan, Decimal], str]
    payment: str
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class Eligible:
    """On-demand usage of one bill in one look-back, before and after clean-up.

    ``left_out`` has the on-demand cost of items without a known rate, ``excluded`` that of items on which the product cannot
    pay. ``net_share`` is what the account pays of a dollar at on-demand price.
    """

    before: HourlyCost
    after: HourlyCost
    rates: Mapping[Item, Rate]
    left_out: Mapping[Item, float]
    excluded: Mapping[Item, float]
    covered_cost: float
    net_share: float


def eligible_usage(connection: Connection, product: Product, span: BillSpan, window: LookBack, accepted: pl.DataFrame) -> Eligible:
    """Read the usage that ``product`` could cover; ``accepted`` are the actions whose resources end or shrink."""
    hours = _of_bill(_rows(connection, product.hours_model, window), span)
    covered = _of_bill(_rows(connection, product.covered_model, window), span)
    totals = {item: float(cost) for item, (cost, _) in _totals(hours).items() if cost > 0}
    known = _rates(product, product.rates(connection, window, covered), hours)
    rates = {item: known[item] for item in sorted(totals) if item in known and pays(product, item, known[item])}
    items = list(rates)
    cost = item_hours(hours, items, window)
    ended = _ended(connection, product, span, (window, items), accepted)
    return Eligible(
        before=hourly_cost(cost, items, rates),
        after=hourly_cost((cost - ended).clip(min=0.0), items, rates),
        rates=rates,
        left_out={item: totals[item] for item in sorted(totals) if item not in known and item[0] not in product.never_pays},
        excluded={item: totals[item] for item in sorted(totals) if item[0] in product.never_pays or (item in known and item not in rates)},
        covered_cost=float(covered["on_demand_cost"].sum() or 0),
        net_share=1.0 if product.forfeits_discounts else _net_share(hours),
    )


def pays(product: Product, item: Item, rate: Rate) -> bool:
    """Tell whether covering usage can be cheaper than what it costs today."""
    return item[0] not in product.never_pays and rate.effective_ratio < 1


def _rates(product: Product, known: Mapping[Item, Rate], hours: pl.DataFrame) -> dict[Item, Rate]:
    """Lower the kept share to what the account really paid, where covered usage would forfeit its other discounts."""
    if not product.forfeits_discounts:
        return dict(known)
    paid = {item: float(net / cost) for item, (cost, net) in _totals(hours).items() if cost > 0 and net > 0}
    return {item: replace(rate, kept_share=round(min(rate.kept_share, paid.get(item, 1.0)), 6)) for item, rate in known.items()}


def _totals(hours: pl.DataFrame) -> dict[Item, tuple[Decimal, Decimal]]:
    sums = hours.group_by("family", "operation").agg(pl.col("on_demand_cost", "net_cost").sum())
    return {(family, operation): (cost, net) for family, operation, cost, net in sums.iter_rows()}


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
