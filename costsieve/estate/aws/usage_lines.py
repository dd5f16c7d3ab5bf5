"""Charges -> usage line items with every cost measure of their own row. Fees, negation, discounts and taxes are in other modules."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from costsieve.estate.aws import texts
from costsieve.estate.aws.charges import Charge, charges_of, hours_in_window
from costsieve.estate.aws.fleet import Resource
from costsieve.estate.aws.line_items import AMOUNT, LIST, NET_UNBLENDED, UNBLENDED, LineItems, discount, hours_in_month, months_of
from costsieve.estate.aws.prices import GRID
from costsieve.estate.aws.reservations import AMORTISED_PER_HOUR, RECURRING_PER_HOUR, reservation_texts
from costsieve.estate.aws.savings_plans import savings_plan_texts
from costsieve.estate.plan import EstatePlan

_NO_COST = pl.lit(0, pl.Int64)


def usage_lines(resources: Iterable[Resource], plan: EstatePlan, draws: np.random.Generator) -> LineItems:
    """Return the usage line items of the resources, covered and uncovered."""
    charges = [charge for resource in resources for charge in charges_of(resource)]
    hours = [hours_in_window(charge, plan, draws) for charge in charges]
    lengths = [len(starts) for starts in hours]
    kind = np.repeat(np.arange(len(charges)), lengths)
    start = np.concatenate(hours)
    amount = _amounts(charges, lengths, draws) * _share_of_month(charges, kind, start, plan)
    facts = pl.DataFrame({"kind": kind, "start": start, AMOUNT: np.round(amount, 10)})
    facts = facts.join(_rates(charges), on="kind", how="left", maintain_order="left")
    return LineItems([_texts(charge, plan) for charge in charges], _with_costs(facts).lazy())


def _amounts(charges: Sequence[Charge], lengths: Sequence[int], draws: np.random.Generator) -> npt.NDArray[np.float64]:
    quantity = np.repeat([float(charge.quantity) for charge in charges], lengths)
    spread = np.repeat([charge.spread for charge in charges], lengths)
    return np.asarray(quantity * (1 + spread * draws.uniform(-1, 1, len(quantity))))


def _share_of_month(
    charges: Sequence[Charge], kind: npt.NDArray[np.int64], start: npt.NDArray[np.int64], plan: EstatePlan
) -> npt.NDArray[np.float64]:
    """Return the share of its month that each line item covers where its price is per month; 1 elsewhere."""
    is_monthly = np.array([charge.price.is_monthly for charge in charges])
    span = np.array([charge.span for charge in charges])
    month_hours = np.concatenate([np.full(last - first, hours_in_month(month)) for month, first, last in months_of(plan)])
    return np.where(is_monthly[kind], span[kind] / month_hours[start], 1.0)


def _rates(charges: Sequence[Charge]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "kind": np.arange(len(charges)),
            "span": [charge.span for charge in charges],
            "purchase": pl.Series([charge.purchase for charge in charges], dtype=pl.Categorical),
            "rate": [charge.price.rates[charge.resource.region] for charge in charges],
            "plan_rate": [charge.price.savings_plan_rate(charge.resource.region) for charge in charges],
        }
    )


def _with_costs(facts: pl.DataFrame) -> pl.DataFrame:
    purchase = pl.col("purchase")
    costs = facts.with_columns(
        **{
            UNBLENDED: pl.when(purchase == "reserved").then(_NO_COST).otherwise(_cost("rate")),
            LIST: pl.when(purchase == "spot").then(_NO_COST).otherwise(_cost("rate")),
        }
    ).with_columns(**{NET_UNBLENDED: _net(pl.col(UNBLENDED))})
    purchases = set(facts["purchase"].unique())
    if "savings_plan" in purchases:
        costs = costs.with_columns(**_savings_plan_costs())
    if "reserved" in purchases:
        costs = costs.with_columns(**_reservation_costs())
    return costs.drop("purchase", "rate", "plan_rate")


def _savings_plan_costs() -> dict[str, pl.Expr]:
    covered = pl.when(pl.col("purchase") == "savings_plan").then(_cost("plan_rate")).otherwise(_NO_COST)
    return {"savings_plan_savings_plan_effective_cost": covered, "savings_plan_net_savings_plan_effective_cost": _net(covered)}


def _reservation_costs() -> dict[str, pl.Expr]:
    is_reserved = pl.col("purchase") == "reserved"
    upfront = pl.when(is_reserved).then(AMORTISED_PER_HOUR).otherwise(_NO_COST)
    recurring = pl.when(is_reserved).then(RECURRING_PER_HOUR).otherwise(_NO_COST)
    return {
        "reservation_effective_cost": upfront + recurring,
        "reservation_amortized_upfront_cost_for_usage": upfront,
        "reservation_recurring_fee_for_usage": recurring,
        "reservation_net_effective_cost": _net(upfront) + _net(recurring),
        "reservation_net_amortized_upfront_cost_for_usage": _net(upfront),
        "reservation_net_recurring_fee_for_usage": _net(recurring),
    }


def _cost(rate: str) -> pl.Expr:
    return (pl.col(AMOUNT) * pl.col(rate)).round().cast(pl.Int64)


def _net(cost: pl.Expr) -> pl.Expr:
    return cost - discount(cost)


def _texts(charge: Charge, plan: EstatePlan) -> dict[str, object]:
    rows: dict[str, object] = dict(texts.usage_texts(charge, plan))
    if charge.purchase == "savings_plan":
        rows |= savings_plan_texts(plan)
        rows["savings_plan_savings_plan_rate"] = charge.price.savings_plan_rate(charge.resource.region) / GRID
    if charge.purchase == "reserved":
        rows |= reservation_texts(plan)
    return rows
