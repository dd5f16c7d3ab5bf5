"""How much of the usage spend the rules could judge, and what stands behind the rest. Unknown is never idle."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from costsieve.contracts.history import VERDICTS
from costsieve.contracts.verdicts import REASONS
from costsieve.findings.evaluated_spend import rules_beside_use
from costsieve.reports.amounts import cents_that_add_up
from costsieve.reports.queries import Row, by_currency, rows
from costsieve.reports.report_spend import Coverage, ServiceCoverage, UnjudgedResource, Verdict
from costsieve.warehouse import Connection


def read_coverage(connection: Connection, as_of: date) -> dict[str, Coverage]:
    """Return the coverage of every currency with usage spend or with resources that could not be judged.

    Rules that do not judge whether a resource is used well, but its tags or its traffic, leave it as it is.
    """
    spend = by_currency(rows(connection, "evaluated_spend", as_of=as_of))
    unjudged = by_currency(rows(connection, "not_evaluated", as_of=as_of, reasons=list(REASONS), other_rules=rules_beside_use()))
    return {currency: _coverage(spend.get(currency, []), unjudged.get(currency, [])) for currency in {*spend, *unjudged}}


def read_exceptions(connection: Connection, as_of: date) -> dict[str, tuple[UnjudgedResource, ...]]:
    """Return, per currency, the resources that an exception hides from a rule."""
    return {
        currency: tuple(_resource(row) for row in found)
        for currency, found in by_currency(rows(connection, "exceptions", as_of=as_of)).items()
    }


def _coverage(spend: list[Row], unjudged: list[Row]) -> Coverage:
    verdicts = [
        (row["service"], Verdict(row["verdict"], row["resource_count"], cost))
        for row, cost in zip(spend, cents_that_add_up([row["cost"] for row in spend]), strict=True)
    ]
    return Coverage(_services(verdicts), _totals(verdicts), tuple(_resource(row) for row in unjudged))


def _services(verdicts: list[tuple[str, Verdict]]) -> tuple[ServiceCoverage, ...]:
    grouped: dict[str, list[Verdict]] = defaultdict(list)
    for service, verdict in verdicts:
        grouped[service].append(verdict)
    services = [ServiceCoverage(service, tuple(sorted(found, key=_place))) for service, found in grouped.items()]
    return tuple(sorted(services, key=lambda service: (-service.cost, service.service)))


def _totals(verdicts: list[tuple[str, Verdict]]) -> tuple[Verdict, ...]:
    counts: dict[str, int] = defaultdict(int)
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for _, verdict in verdicts:
        counts[verdict.verdict] += verdict.resource_count
        costs[verdict.verdict] += verdict.cost
    return tuple(sorted((Verdict(name, counts[name], costs[name]) for name in costs), key=_place))


def _place(verdict: Verdict) -> tuple[int, str]:
    known = verdict.verdict in VERDICTS
    return (VERDICTS.index(verdict.verdict) if known else len(VERDICTS), verdict.verdict)


def _resource(row: Row) -> UnjudgedResource:
    return UnjudgedResource(
        provider=row["provider"],
        account_id=row["account_id"],
        service=row["service"],
        resource_id=row["resource_id"],
        resource_name=row["resource_name"],
        monthly_cost=row["monthly_cost"],
        rules=tuple(row["rules"]),
        reason=row["reason"] or "no reason given",
        hidden_savings=row.get("hidden_savings"),
    )
