"""What a demo estate is asked to be, and what was planted in it. Writes nothing and knows no provider."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from costsieve.period import Window, look_back


@dataclass(frozen=True)
class EstatePlan:
    """Seed, size and days of an estate. The same plan always gives the same files.

    Args:
        seed: seed of every random number in the estate.
        line_items: bill rows over all providers, met within ten percent.
        as_of: the night that the estate is made for; its last day is the day before.
        days: days of bill, utilization and inventory history.
        noise: whether every metric has noise and lacks some hours, which must change no verdict.
        missing_metrics: whether the resources with ``missing`` lack metrics, after which nobody can judge them.
    """

    seed: int = 7
    line_items: int = 200_000
    as_of: date = date(2026, 10, 1)
    days: int = 90
    noise: bool = False
    missing_metrics: bool = False

    @property
    def window(self) -> Window:
        """The days that the estate covers."""
        return look_back(self.as_of, self.days)


@dataclass(frozen=True)
class Answer:
    """One row of the answer key: what a rule must say of a resource. What is not in the key is clean, or of no concern to any rule.

    Args:
        rule_id: the rule.
        provider: AWS or GCP, as in core.charges.
        account_id: usage account or project.
        resource_id: id as in core.charges and inventory.
        monthly_savings_at_most: upper bound of any honest monthly savings, in the currency of the bill; None where no bound is stated.
        expected: finding or not_evaluable.
        reason: why it is not evaluable, a word of contracts.verdicts.REASONS; None for findings.
    """

    rule_id: str
    provider: str
    account_id: str
    resource_id: str
    monthly_savings_at_most: Decimal | None = None
    expected: str = "finding"
    reason: str | None = None


def answers_of(spec: Mapping[str, Any], plan: EstatePlan, resource: tuple[str, str, str], bound: Decimal | None) -> Iterator[Answer]:
    """Yield what rules must say of an entry of an estate's file, whose provider, account and id are ``resource``.

    ``waste`` names the rules that find it (one, or a list), ``unknown`` those that cannot judge it, with the reason; where the plan lets
    metrics be missing, ``missing`` has an ``unknown`` of its own, and these rules find nothing.
    """
    waste = spec.get("waste") or []
    missing = spec.get("missing", {}) if plan.missing_metrics else {}
    unknown = {**spec.get("unknown", {}), **missing.get("unknown", {})}
    for rule in [waste] if isinstance(waste, str) else waste:
        if rule not in unknown:
            yield Answer(rule, *resource, monthly_savings_at_most=bound)
    for rule, reason in unknown.items():
        yield Answer(rule, *resource, expected="not_evaluable", reason=reason)
