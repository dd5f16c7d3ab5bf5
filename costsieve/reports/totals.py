"""Sums over the plan that more than one rendering shows. Every one of them is a sum of rows that the reader can see."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from costsieve.contracts.verdicts import ACTIONS
from costsieve.reports.report_savings import PlanStep


@dataclass(frozen=True)
class ActionTotal:
    """What all steps with one action save a month."""

    action: str
    step_count: int
    gross_savings: Decimal
    overlap: Decimal
    net_savings: Decimal


def by_action(plan: Sequence[PlanStep]) -> tuple[ActionTotal, ...]:
    """Sum the plan by action, in the order of the waterfall."""
    totals = []
    for action in ACTIONS:
        steps = [step for step in plan if step.action == action]
        if steps:
            gross = sum((step.gross_savings for step in steps), Decimal("0.00"))
            overlap = sum((step.overlap for step in steps), Decimal("0.00"))
            net = sum((step.net_savings for step in steps), Decimal("0.00"))
            totals.append(ActionTotal(action, len(steps), gross, overlap, net))
    return tuple(totals)
