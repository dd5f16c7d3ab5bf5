"""The figures, assumptions and pictures of one commitment recommendation, as JSON values and sentences. Nothing is decided here."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from costsieve.period import HOURS_PER_MONTH
from costsieve.recommendations.commitments.hourly_cost import Floats, HourlyCost
from costsieve.recommendations.commitments.look_back import LATE_DAYS, BillSpan, LookBack
from costsieve.recommendations.commitments.product import Eligible, Product
from costsieve.recommendations.commitments.sizing import HOURS_PER_YEAR, Sizing, at_commitment

_HOURS_PER_WEEK = 168
_COMMON = (
    (
        "On-demand rows are what existing commitments leave over. Existing commitments stay in force; a purchase that competes"
        " with one of them, and the expiry of one, are not modelled."
    ),
    (
        "Clean-up comes first: the cost of resources whose planned action ends or shrinks them is taken out, each day's cost"
        " spread evenly over its hours and never below zero in an hour."
    ),
)


@dataclass(frozen=True)
class Case:
    """One bill, its look-back and usage, and the commitment sized before and after clean-up."""

    product: Product
    span: BillSpan
    window: LookBack
    usage: Eligible
    before: Sizing
    after: Sizing
    recent_monthly_savings: float


def details(case: Case) -> dict[str, Any]:
    """Return the details of the recommendation; money in the bill's currency, shares 0..1."""
    window, usage = case.window, case.usage
    return {
        "product": case.product.name,
        "term_hours": HOURS_PER_YEAR,
        "payment": case.product.payment,
        **_outcome(case),
        "coverage": _coverage(case),
        "look_back": {
            "start": window.start.date().isoformat(),
            "end": window.end.date().isoformat(),
            "days": window.days,
            "hours": window.hours,
        },
        "eligible_on_demand_per_hour": {"before_cleanup": _spread(usage.before), "after_cleanup": _spread(usage.after)},
        "cleanup": _cleanup(case),
        **_items(case),
        "hourly_profile": _profile(case),
    }


def _outcome(case: Case) -> dict[str, float]:
    """What the commitment costs and saves on the usage that clean-up leaves."""
    after, net = case.after, case.usage.net_share
    return {
        "hourly_commitment": float(after.commitment),
        "monthly_commitment_cost": round(float(after.commitment) * HOURS_PER_MONTH * net, 2),
        "monthly_savings": round(after.monthly_savings * net, 2),
        "monthly_savings_at_usage_of_last_four_weeks": round(case.recent_monthly_savings * net, 2),
        "share_of_eligible_on_demand_saved": _share(after.monthly_savings, case.usage.after.hourly_total.mean() * HOURS_PER_MONTH),
        "break_even_utilization": round(after.break_even_utilization, 4),
        "expected_utilization": round(after.utilization, 4),
        "value_of_next_committed_dollar": round(after.marginal_value, 4),
    }


def _items(case: Case) -> dict[str, list[dict[str, Any]]]:
    """The rates used, and what was not sized: without a known rate, or never cheaper under the product."""
    usage = case.usage
    return {
        "rates": [
            {"family": f, "operation": o, "ratio": rate.ratio, "price_kept_share": rate.kept_share, "source": rate.source}
            for (f, o), rate in usage.rates.items()
        ],
        "left_out": [{"family": f, "operation": o, "on_demand_cost": round(cost, 2)} for (f, o), cost in usage.left_out.items()],
        "excluded": [
            {"family": f, "operation": o, "on_demand_cost": round(cost, 2), "reason": _why_excluded(case, f)}
            for (f, o), cost in usage.excluded.items()
        ],
    }


def _coverage(case: Case) -> dict[str, float]:
    """Share of compute cost, at on-demand prices, under any commitment today and after the purchase."""
    usage = case.usage
    other = usage.covered_cost + sum(usage.left_out.values()) + sum(usage.excluded.values())
    eligible_after = float(usage.after.on_demand.sum())
    return {
        "today": _share(usage.covered_cost, other + float(usage.before.on_demand.sum())),
        "after_cleanup_and_purchase": _share(usage.covered_cost + case.after.coverage * eligible_after, other + eligible_after),
        "of_eligible_usage": round(case.after.coverage, 4),
    }


def _cleanup(case: Case) -> dict[str, float]:
    """What buying before clean-up would do: the larger commitment, and the fee of the part that clean-up makes useless."""
    surplus = max(float(case.before.commitment - case.after.commitment), 0.0)
    kept = at_commitment(case.usage.after, case.before.commitment)
    net = case.usage.net_share
    return {
        "hourly_commitment_before_cleanup": float(case.before.commitment),
        "hourly_commitment_after_cleanup": float(case.after.commitment),
        "locked_in_by_buying_first": round(surplus * HOURS_PER_YEAR * net, 2),
        "monthly_savings_before_cleanup": round(case.before.monthly_savings * net, 2),
        "monthly_savings_if_bought_first_and_cleaned_up_later": round(kept.monthly_savings * net, 2),
    }


def _spread(cost: HourlyCost) -> dict[str, float]:
    total = cost.hourly_total
    return {"average": round(float(total.mean()), 4), "minimum": round(float(total.min()), 4), "maximum": round(float(total.max()), 4)}


def _profile(case: Case) -> dict[str, Any]:
    """Mean hour of the week, and the duration curve, both at the product's prices so that the commitment is a straight line."""
    curve = np.quantile(case.usage.after.hourly_discounted, np.linspace(1, 0, 101))
    return {
        "unit": f"{case.span.currency} per hour at the product's prices",
        "first_hour": "Monday 00:00 UTC",
        "before_cleanup": _hours_of_week(case.usage.before.hourly_discounted, case.window),
        "after_cleanup": _hours_of_week(case.usage.after.hourly_discounted, case.window),
        "duration_curve_after_cleanup": [round(float(value), 4) for value in curve],
        "commitment": float(case.after.commitment),
    }


def _hours_of_week(hourly: Floats, window: LookBack) -> list[float]:
    means = np.roll(hourly.reshape(-1, _HOURS_PER_WEEK).mean(axis=0), 24 * window.start.weekday())
    return [round(float(value), 4) for value in means]


def assumptions(case: Case) -> tuple[str, ...]:
    """Return what the recommendation takes for granted, as sentences for the person who signs the order."""
    window, usage, currency = case.window, case.usage, case.span.currency
    look_back = (
        f"Usage stays as in the {window.days} days from {window.start:%Y-%m-%d} to {window.end:%Y-%m-%d} (exclusive): whole weeks,"
        f" without the {LATE_DAYS} latest days, whose line items may still arrive. No growth or decline is forecast."
    )
    sentences = [look_back, *_COMMON, *case.product.assumptions, *_rate_sentences(usage)]
    if usage.left_out:
        named = ", ".join(f"{f} {o}".strip() + f" ({currency} {c:,.2f})" for (f, o), c in usage.left_out.items())
        sentences.append(f"Left out because no rate is known, with their on-demand cost in the look-back: {named}.")
    for (family, _), cost in usage.excluded.items():
        sentences.append(f"{family} usage ({currency} {cost:,.2f} in the look-back) is left out: {_why_excluded(case, family)}.")
    if usage.net_share < 1:
        sentences.append(f"Savings are {usage.net_share:.2%} of the on-demand dollars: the account's discount applies to both prices.")
    return tuple(sentences)


def _why_excluded(case: Case, family: str) -> str:
    return case.product.never_pays.get(family, "with the account's other discounts it already costs no more than under the commitment")


def _rate_sentences(usage: Eligible) -> list[str]:
    sources: dict[str, set[str]] = {}
    for (family, _), rate in usage.rates.items():
        sources.setdefault(f"{rate.ratio:g} of the on-demand price ({rate.source})", set()).add(family)
    return [f"Rate of {', '.join(sorted(families))}: {source}." for source, families in sorted(sources.items())]


def _share(part: float, whole: float) -> float:
    return round(float(part / whole), 4) if whole > 0 else 0.0
