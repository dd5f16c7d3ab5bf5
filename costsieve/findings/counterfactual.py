"""The arithmetic of realized savings and the assumptions behind them, in words. Pure: reads no table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any

from costsieve.money import to_cents
from costsieve.period import DAYS_PER_MONTH

_MONEY = Decimal("0.000000000001")


@dataclass(frozen=True)
class Measured:
    """Complete days before a change and since, with what the resource cost on all of them."""

    baseline_start: date
    measured_from: date
    measured_until: date
    cost_before: Decimal
    list_cost_before: Decimal
    cost: Decimal
    list_cost: Decimal

    @property
    def baseline_days(self) -> int:
        """Complete days before."""
        return (self.measured_from - self.baseline_start).days

    @property
    def measured_days(self) -> int:
        """Complete days since."""
        return (self.measured_until - self.measured_from).days

    @property
    def baseline_daily_cost(self) -> Decimal:
        """Mean net effective cost of a day before, to twelve decimals."""
        return _a_day(self.cost_before, self.baseline_days)

    @property
    def baseline_daily_list_cost(self) -> Decimal:
        """The same at list price."""
        return _a_day(self.list_cost_before, self.baseline_days)


def realized(measured: Measured, predicted_monthly_savings: Decimal | None) -> dict[str, Any]:
    """Return the measured columns of results.realized_savings; every amount follows from the others in the row, to the cent."""
    days, daily, daily_list = measured.measured_days, measured.baseline_daily_cost, measured.baseline_daily_list_cost
    predicted = predicted_monthly_savings
    return {
        "baseline_start": measured.baseline_start,
        "baseline_days": measured.baseline_days,
        "baseline_daily_cost": daily,
        "baseline_daily_list_cost": daily_list,
        "measured_until": measured.measured_until,
        "measured_days": days,
        "actual_cost": measured.cost,
        "actual_list_cost": measured.list_cost,
        "predicted_savings": None if predicted is None else to_cents(predicted * days / DAYS_PER_MONTH),
        "realized_savings": to_cents(daily * days - measured.cost),
        "realized_list_savings": to_cents(daily_list * days - measured.list_cost),
    }


def in_words(finding: Mapping[str, Any], measured: Measured | None) -> str:
    """Say what is assumed; without figures where nothing could be measured."""
    what = "deleted" if finding["reason"] == "resource_deleted" else "changed"
    if measured is None:
        return f"Had it not been {what}, it would have gone on costing a day what it cost on the complete days before."
    currency, days = finding["currency"], measured.measured_days
    cost = f"{to_cents(measured.cost):,.2f} {currency} on the {_counted(days)} from {measured.measured_from}"
    return (
        f"Had it not been {what}, it would have gone on costing {to_cents(measured.baseline_daily_cost):,.2f} {currency} a day, the mean of"
        f" the {_counted(measured.baseline_days)} from {measured.baseline_start}. It did cost {cost}. Use, prices and commitments are taken"
        " to have stayed as they were; a commitment that it freed counts as saved, whether or not other usage took it over."
    )


def _a_day(cost: Decimal, days: int) -> Decimal:
    with localcontext(prec=60):
        return (cost / days).quantize(_MONEY, rounding=ROUND_HALF_EVEN)


def _counted(days: int) -> str:
    return "complete day" if days == 1 else f"{days} complete days"
