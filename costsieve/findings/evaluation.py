"""One rule, one night: run it, apply exceptions, price it, write ledger and findings. The order of actions is in waterfall."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from costsieve.contracts.results import EVALUATIONS, FINDINGS
from costsieve.findings.candidates import Judged, judge
from costsieve.findings.exceptions import ExceptionEntry, load_exceptions
from costsieve.findings.finding_rows import finding_row
from costsieve.findings.refusals import with_refusals
from costsieve.findings.rule import Rule
from costsieve.findings.savings import Savings, freed_by, price, resource_costs
from costsieve.money import to_cents
from costsieve.settings import Settings
from costsieve.warehouse import Connection, replace_frame

_SHARED = tuple(
    column.name
    for column in EVALUATIONS.columns
    if column.name in {field.name for field in fields(Judged)} and column.name not in ("monthly_cost", "outcome", "reason")
)


@dataclass(frozen=True)
class RuleSummary:
    """What one rule concluded in one night; `unknown_savings` counts findings in no sum. Savings are monthly, in cents, by currency."""

    rule_id: str
    as_of: date
    outcomes: dict[str, int]
    not_evaluable_reasons: dict[str, int]
    unknown_savings: int
    monthly_savings: dict[str, Decimal]
    excepted_savings: dict[str, Decimal]
    accrued_cost: dict[str, Decimal]

    def metadata(self) -> dict[str, int | str]:
        """Return counts by outcome and reason, and amounts by currency as text, for whoever shows a night's steps."""
        counts = {f"outcome {outcome}": count for outcome, count in sorted(self.outcomes.items())}
        reasons = {f"not evaluable, {reason}": count for reason, count in sorted(self.not_evaluable_reasons.items())}
        amounts = {
            f"{name} {currency}": str(amount)
            for name, by_currency in (
                ("monthly savings", self.monthly_savings),
                ("excepted savings", self.excepted_savings),
                ("accrued cost", self.accrued_cost),
            )
            for currency, amount in sorted(by_currency.items())
        }
        unknown = {"findings whose savings are not known": self.unknown_savings} if self.unknown_savings else {}
        return {"resources judged": sum(self.outcomes.values()), **counts, **reasons, **unknown, **amounts}


@dataclass(frozen=True)
class Verdict:
    """What one rule concludes of one resource: its own judgement, the exception that hides it, and what a finding saves where known."""

    judged: Judged
    exception: ExceptionEntry | None
    savings: Savings | None

    @property
    def outcome(self) -> str:
        """One of contracts.verdicts.OUTCOMES."""
        return "excepted" if self.exception else self.judged.outcome

    @property
    def reason(self) -> str | None:
        """Why it was not evaluable, or the exception's reason."""
        return self.exception.reason if self.exception else self.judged.reason


def evaluate_rule(connection: Connection, rule: Rule, as_of: date, settings: Settings) -> RuleSummary:
    """Replace the night's ledger rows and findings of one rule. Run it inside a transaction, and write_cash_savings after all rules.

    Raises ConfigurationError for wrong rule parameters, a wrong exceptions file, or a rule.sql that breaks its contract.
    """
    verdicts = verdicts_of(connection, rule, as_of, settings)
    night = {"as_of": as_of, "rule_id": rule.id}
    ledger = [night | _ledger_row(verdict) for verdict in verdicts]
    found = [
        night | finding_row(rule, verdict.judged, verdict.savings, settings.currency)
        for verdict in verdicts
        if verdict.outcome == "finding"
    ]
    replace_frame(connection, EVALUATIONS, pl.DataFrame(ledger, schema=EVALUATIONS.polars_schema(), orient="row"), night)
    replace_frame(connection, FINDINGS, pl.DataFrame(found, schema=FINDINGS.polars_schema(), orient="row"), night)
    return _summary(rule, as_of, verdicts, settings)


def verdicts_of(connection: Connection, rule: Rule, as_of: date, settings: Settings) -> list[Verdict]:
    """Return what a rule concludes of every resource that it applies to; nothing is written.

    Raises ConfigurationError as evaluate_rule does.
    """
    exceptions = load_exceptions(settings.exceptions)
    judged = with_refusals(connection, rule, judge(connection, rule, as_of, settings), as_of)
    return [Verdict(row, _hiding(exceptions, rule, row, as_of), _savings(rule, row)) for row in judged]


def _hiding(exceptions: Sequence[ExceptionEntry], rule: Rule, row: Judged, as_of: date) -> ExceptionEntry | None:
    return next((entry for entry in exceptions if entry.hides(rule, row, as_of)), None) if row.outcome == "finding" else None


def _savings(rule: Rule, row: Judged) -> Savings | None:
    """Price what is known to be saved; what commitments cover of it is cash only once all rules are known: see costsieve.findings.cash."""
    if row.outcome != "finding" or row.remaining_cost_share is None:
        return None
    return price(freed_by(resource_costs(rule.action, row.exact_costs), row.remaining_cost_share))


def _ledger_row(verdict: Verdict) -> dict[str, Any]:
    row = verdict.judged
    return {name: getattr(row, name) for name in _SHARED} | {
        "monthly_cost": to_cents(row.monthly_cost),
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "excepted_savings": verdict.savings.monthly_savings if verdict.exception and verdict.savings else None,
    }


def _summary(rule: Rule, as_of: date, verdicts: Sequence[Verdict], settings: Settings) -> RuleSummary:
    saved: defaultdict[str, Decimal] = defaultdict(Decimal)
    excepted: defaultdict[str, Decimal] = defaultdict(Decimal)
    accrued: defaultdict[str, Decimal] = defaultdict(Decimal)
    for verdict in verdicts:
        currency = verdict.judged.currency or settings.currency
        if verdict.savings is not None:
            (excepted if verdict.exception else saved)[currency] += verdict.savings.monthly_savings
        if verdict.outcome == "finding" and verdict.judged.accrued_cost is not None:
            accrued[currency] += to_cents(verdict.judged.accrued_cost)
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    reasons = Counter(verdict.reason for verdict in verdicts if verdict.outcome == "not_evaluable" and verdict.reason)
    unknown = sum(verdict.outcome == "finding" and verdict.savings is None for verdict in verdicts)
    return RuleSummary(rule.id, as_of, dict(outcomes), dict(reasons), unknown, dict(saved), dict(excepted), dict(accrued))
