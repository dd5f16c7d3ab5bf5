"""One rule, one night: run it, apply exceptions, price it, write ledger and findings. The order of actions is in waterfall."""

import json
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
from costsieve.findings.rule import Rule, rule_parameters
from costsieve.findings.savings import Costs, Freed, Savings, commitment_scope, freed_by, price
from costsieve.money import to_cents
from costsieve.settings import Settings
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query, replace_frame

_SHARED = tuple(
    column.name
    for column in EVALUATIONS.columns
    if column.name in {field.name for field in fields(Judged)} and column.name not in ("monthly_cost", "outcome", "reason")
)

type _Fleet = tuple[str, str | None, str | None, bool]


@dataclass(frozen=True)
class RuleSummary:
    """What one rule concluded in one night. Savings are monthly, in cents, by currency."""

    rule_id: str
    as_of: date
    outcomes: dict[str, int]
    not_evaluable_reasons: dict[str, int]
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
        return {"resources judged": sum(self.outcomes.values()), **counts, **reasons, **amounts}


@dataclass(frozen=True)
class _Verdict:
    judged: Judged
    exception: ExceptionEntry | None
    savings: Savings | None

    @property
    def outcome(self) -> str:
        return "excepted" if self.exception else self.judged.outcome

    @property
    def reason(self) -> str | None:
        return self.exception.reason if self.exception else self.judged.reason


def evaluate_rule(connection: Connection, rule: Rule, as_of: date, settings: Settings) -> RuleSummary:
    """Replace the night's ledger rows and findings of one rule. Run it inside a transaction.

    Raises ConfigurationError for wrong rule parameters, a wrong exceptions file, or a rule.sql that breaks its contract.
    """
    exceptions = load_exceptions(settings.exceptions)
    judged = judge(connection, rule, as_of, settings)
    hidden_by = {row.finding_id: _hiding(exceptions, rule, row, as_of) for row in judged if row.outcome == "finding"}
    savings = _savings(connection, rule, [row for row in judged if row.outcome == "finding"], hidden_by)
    verdicts = [_Verdict(row, hidden_by.get(row.finding_id), savings.get(row.finding_id)) for row in judged]
    night = {"as_of": as_of, "rule_id": rule.id}
    ledger = [night | _ledger_row(verdict) for verdict in verdicts]
    parameters = {name: str(value) for name, value in rule_parameters(rule, settings).items()}
    found = [night | _finding_row(rule, verdict, parameters, settings.currency) for verdict in verdicts if verdict.outcome == "finding"]
    replace_frame(connection, EVALUATIONS, pl.DataFrame(ledger, schema=EVALUATIONS.polars_schema(), orient="row"), night)
    replace_frame(connection, FINDINGS, pl.DataFrame(found, schema=FINDINGS.polars_schema(), orient="row"), night)
    return _summary(rule, as_of, verdicts, settings)


def _hiding(exceptions: Sequence[ExceptionEntry], rule: Rule, row: Judged, as_of: date) -> ExceptionEntry | None:
    return next((entry for entry in exceptions if entry.hides(rule, row, as_of)), None)


def _savings(
    connection: Connection, rule: Rule, found: Sequence[Judged], hidden_by: dict[str, ExceptionEntry | None]
) -> dict[str, Savings]:
    """Price findings by fleet; hidden ones apart, since nobody acts on them and their commitments stay in use."""
    unshared = {tuple(row[:4]): row[4] for row in query(connection, statement("findings/unshared_commitments.sql")).iter_rows()}
    fleets: defaultdict[_Fleet, list[tuple[Judged, Freed]]] = defaultdict(list)
    for row in found:
        fleet = (row.provider, row.currency, commitment_scope(row.provider, row.resource_type), hidden_by[row.finding_id] is not None)
        unshared_cost = unshared.get((row.provider, row.account_id, row.resource_id, row.currency), Decimal(0))
        fleets[fleet].append((row, freed_by(_costs(rule, row, unshared_cost), row.remaining_cost_share)))
    on_demand = {tuple(row[:3]): row[3] for row in query(connection, statement("findings/on_demand_usage.sql")).iter_rows()}
    savings: dict[str, Savings] = {}
    for fleet, members in fleets.items():
        members.sort(key=lambda member: (-member[1].cost, member[0].finding_id))
        priced = price([freed for _, freed in members], on_demand.get(fleet[:3], Decimal(0)))
        savings |= {row.finding_id: each for (row, _), each in zip(members, priced, strict=True)}
    return savings


def _costs(rule: Rule, row: Judged, unshared_cost: Decimal) -> Costs:
    is_instance_only = rule.action == "rightsize"
    return Costs(
        row.monthly_cost,
        row.monthly_list_cost,
        row.monthly_committed_cost,
        row.monthly_instance_cost if is_instance_only else row.monthly_cost,
        row.monthly_instance_list_cost if is_instance_only else row.monthly_list_cost,
        unshared_cost,
    )


def _ledger_row(verdict: _Verdict) -> dict[str, Any]:
    row = verdict.judged
    return {name: getattr(row, name) for name in _SHARED} | {
        "monthly_cost": to_cents(row.monthly_cost),
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "excepted_savings": verdict.savings.monthly_savings if verdict.exception and verdict.savings else None,
    }


def _finding_row(rule: Rule, verdict: _Verdict, parameters: dict[str, str], leading_currency: str) -> dict[str, Any]:
    row, savings = verdict.judged, verdict.savings
    assert savings is not None
    copied = ("finding_id", "first_seen", "owner", "team", "project", "environment", "target", "confidence", "confidence_reason")
    return {name: getattr(row, name) for name in (*_SHARED, *copied)} | {
        "action": rule.action,
        "monthly_cost": to_cents(row.monthly_cost),
        "monthly_list_savings": savings.monthly_list_savings,
        "monthly_savings": savings.monthly_savings,
        "monthly_cash_savings": savings.monthly_cash_savings,
        "accrued_cost": None if row.accrued_cost is None else to_cents(row.accrued_cost),
        "currency": row.currency or leading_currency,
        "evidence": json.dumps(json.loads(row.evidence) | {"parameters": parameters, "savings": _arithmetic(row, savings)}),
    }


def _arithmetic(row: Judged, savings: Savings) -> dict[str, str | bool]:
    """The exact amounts behind the figures, as text, so that they can be recomputed to the cent."""
    amounts = {
        "remaining_cost_share": row.remaining_cost_share,
        "monthly_cost": row.monthly_cost,
        "monthly_list_cost": row.monthly_list_cost,
        "monthly_instance_cost": row.monthly_instance_cost,
        "monthly_instance_list_cost": row.monthly_instance_list_cost,
        "monthly_committed_cost": row.monthly_committed_cost,
        "freed_committed_cost": savings.freed.committed_cost,
        "absorbed_committed_cost": savings.absorbed_cost,
    }
    texts = {name: format(amount.normalize(), "f") for name, amount in amounts.items()}
    return {"is_charged": row.currency is not None, **texts}


def _summary(rule: Rule, as_of: date, verdicts: Sequence[_Verdict], settings: Settings) -> RuleSummary:
    saved: defaultdict[str, Decimal] = defaultdict(Decimal)
    excepted: defaultdict[str, Decimal] = defaultdict(Decimal)
    accrued: defaultdict[str, Decimal] = defaultdict(Decimal)
    for verdict in verdicts:
        if verdict.savings is None:
            continue
        currency = verdict.judged.currency or settings.currency
        (excepted if verdict.exception else saved)[currency] += verdict.savings.monthly_savings
        if verdict.judged.accrued_cost is not None and not verdict.exception:
            accrued[currency] += to_cents(verdict.judged.accrued_cost)
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    reasons = Counter(verdict.reason for verdict in verdicts if verdict.outcome == "not_evaluable" and verdict.reason)
    return RuleSummary(rule.id, as_of, dict(outcomes), dict(reasons), dict(saved), dict(excepted), dict(accrued))
