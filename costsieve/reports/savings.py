"""The plan in its order, the hung jobs and the findings of unknown savings. No ranking or pricing here: the waterfall did that."""

from datetime import date

from costsieve.findings.rule import load_rules
from costsieve.reports.commands import remedy_commands
from costsieve.reports.evidence import read_facts
from costsieve.reports.queries import Row, by_currency, rows
from costsieve.reports.report_savings import HungJob, PlanStep, UnpricedFinding
from costsieve.warehouse import Connection

_FOR_EXPLAIN = ("parameters", "savings")
"""Evidence that `costsieve explain` computes with; the page shows what was observed, and its own money columns."""

_COPIED = (
    "step",
    "action",
    "title",
    "provider",
    "account_id",
    "region",
    "service",
    "resource_id",
    "resource_name",
    "owner",
    "team",
    "project",
    "environment",
    "currency",
    "gross_savings",
    "overlap",
    "net_savings",
    "monthly_cost",
    "monthly_list_savings",
    "monthly_cash_savings",
    "confidence",
    "confidence_reason",
    "rule_id",
    "first_seen",
    "finding_id",
    "recommendation_id",
)


def read_plan(connection: Connection, as_of: date) -> dict[str, tuple[PlanStep, ...]]:
    """Return each currency's steps of the waterfall, in its order."""
    found = by_currency(rows(connection, "plan", as_of=as_of))
    return {currency: tuple(_step(row) for row in steps) for currency, steps in found.items()}


def read_hung_jobs(connection: Connection, as_of: date) -> dict[str, tuple[HungJob, ...]]:
    """Return each currency's jobs that should have ended, the dearest first."""
    found = by_currency(rows(connection, "hung_jobs", as_of=as_of))
    return {currency: tuple(_hung_job(row) for row in jobs) for currency, jobs in found.items()}


def read_unpriced(connection: Connection, as_of: date) -> dict[str, tuple[UnpricedFinding, ...]]:
    """Return each currency's findings of which nobody knows what the action saves, the dearest resource first."""
    found = by_currency(rows(connection, "unpriced_findings", as_of=as_of))
    return {currency: tuple(_unpriced(row) for row in findings) for currency, findings in found.items()}


def _step(row: Row) -> PlanStep:
    """A recommendation's evidence is its own section of the report, so its step has none here."""
    facts = read_facts(row["evidence"], row["currency"], _FOR_EXPLAIN)
    return PlanStep(
        **{name: row[name] for name in _COPIED}, remedy=_advice(row["rule_id"]), facts=facts, commands=remedy_commands(row["remedy"])
    )


def _hung_job(row: Row) -> HungJob:
    return HungJob(
        title=row["resource_name"] or row["resource_id"],
        finding_id=row["finding_id"],
        account_id=row["account_id"],
        region=row["region"],
        owner=row["owner"],
        team=row["team"],
        first_seen=row["first_seen"],
        confidence=row["confidence"],
        confidence_reason=row["confidence_reason"],
        accrued_cost=row["accrued_cost"],
        facts=read_facts(row["evidence"], row["currency"], _FOR_EXPLAIN),
        commands=remedy_commands(row["remedy"]),
    )


def _unpriced(row: Row) -> UnpricedFinding:
    copied = ("account_id", "region", "service", "resource_id", "owner", "team", "first_seen", "confidence", "confidence_reason")
    rule = next((rule for rule in load_rules() if rule.id == row["rule_id"]), None)
    return UnpricedFinding(
        **{name: row[name] for name in (*copied, "finding_id", "monthly_cost")},
        title=f"{row['resource_name'] or row['resource_id']}: {rule.title if rule else row['rule_id']}",
        remedy=rule.remedy if rule else None,
        facts=read_facts(row["evidence"], row["currency"], _FOR_EXPLAIN),
        commands=remedy_commands(row["remedy"]),
    )


def _advice(rule_id: str | None) -> str | None:
    return next((rule.remedy for rule in load_rules() if rule.id == rule_id), None)
