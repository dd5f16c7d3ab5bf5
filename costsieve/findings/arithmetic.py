"""Recompute a finding's figures from bill rows and exact amounts, one readable line a figure. The formulas are those of savings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from costsieve.findings.savings import freed_by, resource_costs
from costsieve.money import to_cents
from costsieve.period import Window


@dataclass(frozen=True)
class Line:
    """How one figure comes about; `is_reproduced` says whether the recomputed figure equals the reported one."""

    figure: str
    text: str
    is_reproduced: bool


@dataclass(frozen=True)
class BillCosts:
    """Net effective costs of the bill rows of a month, and of all rows since a job started where its cost is accrued."""

    window: Window
    monthly: Sequence[Decimal]
    since_start: Sequence[Decimal]


def arithmetic(finding: Mapping[str, Any], amounts: Mapping[str, Any], bill: BillCosts) -> tuple[Line, ...]:
    """Return a line for each figure of a finding: cost; savings, list savings and cash savings if known; accrued cost if there is one.

    `amounts` are the exact amounts of the finding's evidence.
    """
    exact = {name: Decimal(value) for name, value in amounts.items() if name != "is_charged"}
    month = f"{len(bill.monthly)} bill rows of {bill.window.start} to {bill.window.end} (exclusive)"
    lines = [_line(finding, "monthly_cost", sum(bill.monthly, Decimal(0)), month)]
    if finding["monthly_savings"] is not None:
        lines += _savings_lines(finding, exact)
    if finding["accrued_cost"] is not None:
        formula = f"{len(bill.since_start)} bill rows since the start, in no monthly total"
        lines.append(_line(finding, "accrued_cost", sum(bill.since_start, Decimal(0)), formula))
    return tuple(lines)


def _savings_lines(finding: Mapping[str, Any], exact: Mapping[str, Decimal]) -> list[Line]:
    costs = resource_costs(finding["action"], exact)
    share, committed, absorbed = exact["remaining_cost_share"], exact["freed_committed_cost"], exact["absorbed_committed_cost"]
    freed = freed_by(costs, share)
    cash = freed.cost - committed + absorbed
    base = "whole" if costs.action_cost == costs.monthly_cost else "instance"
    return [
        _line(finding, "monthly_savings", freed.cost, f"(1 - {share:f}) x {costs.monthly_cost:f}"),
        _line(
            finding,
            "monthly_list_savings",
            freed.list_cost,
            f"{freed.cost.normalize():f} / {costs.action_cost:f} x {costs.action_list_cost:f} ({base} cost and list cost)",
        ),
        _line(finding, "monthly_cash_savings", cash, f"{freed.cost.normalize():f}{_commitment(exact, committed, absorbed)}"),
    ]


def _commitment(exact: Mapping[str, Decimal], committed: Decimal, absorbed: Decimal) -> str:
    if not committed:
        return ", no commitment covers any of it"
    hours = f"in {exact['hours_taken_over']} of {exact['hours_with_freed_commitment']} hours all of it"
    lost = f"; {exact['freed_unshared_cost']:f} no other machine is in reach of" if exact["freed_unshared_cost"] else ""
    return f" - {committed:f} that commitments cover + {absorbed:f} that other on-demand machines take over ({hours}{lost})"


def _line(finding: Mapping[str, Any], figure: str, amount: Decimal, formula: str) -> Line:
    cents = to_cents(amount)
    is_reproduced = cents == finding[figure]
    difference = "" if is_reproduced else f"; reported {finding[figure]}: the bill has been restated since"
    return Line(figure, f"{figure} = {formula} = {cents} {finding['currency']}{difference}", is_reproduced)
