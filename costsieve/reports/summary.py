"""The night's tables -> one Report. Each part of it is read by its own module; here they only meet, currency by currency."""

from dataclasses import dataclass
from datetime import date

import costsieve
from costsieve.reports.allocation import read_allocation, with_savings
from costsieve.reports.checks import read_checked_nights, read_checks
from costsieve.reports.coverage import read_coverage, read_exceptions
from costsieve.reports.history import no_change, previous_night, read_changes, read_realized
from costsieve.reports.notices import failed_checks, read_source_notices, repeated_accounts, restated_days
from costsieve.reports.queries import rows
from costsieve.reports.recommendations import read_recommendations
from costsieve.reports.reconciliation import read_reconciliation
from costsieve.reports.report import CurrencyReport, Report
from costsieve.reports.report_allocation import Allocation
from costsieve.reports.report_history import Changes, Realized
from costsieve.reports.report_reconciliation import Reconciliation
from costsieve.reports.report_restated import Restated
from costsieve.reports.report_savings import HungJob, PlanStep, Recommendation, UnpricedFinding
from costsieve.reports.report_spend import Coverage, Spend, UnjudgedResource
from costsieve.reports.restated import read_restated
from costsieve.reports.savings import read_hung_jobs, read_plan, read_unpriced
from costsieve.reports.spend import empty_spend, read_spend
from costsieve.warehouse import Connection

DEFAULT_CURRENCY = "USD"
"""Leads the report where the settings name no other."""


@dataclass(frozen=True)
class _Parts:
    """What each reader found, by currency; no changes and nothing restated on the first night."""

    spend: dict[str, Spend]
    coverage: dict[str, Coverage]
    plan: dict[str, tuple[PlanStep, ...]]
    changes: dict[str, Changes] | None
    realized: dict[str, Realized]
    hung_jobs: dict[str, tuple[HungJob, ...]]
    unpriced: dict[str, tuple[UnpricedFinding, ...]]
    recommendations: dict[str, tuple[Recommendation, ...]]
    exceptions: dict[str, tuple[UnjudgedResource, ...]]
    allocation: dict[str, Allocation]
    restated: dict[str, Restated] | None
    reconciliation: dict[str, Reconciliation]


def read_report(connection: Connection, as_of: date, leading_currency: str = DEFAULT_CURRENCY) -> Report:
    """Read everything that the night of ``as_of`` has to say, from the tables of the contracts.

    Currencies come in reading order: ``leading_currency`` (settings.currency) if anything is in it, then the one with most charges.
    """
    parts = _Parts(
        spend=read_spend(connection, as_of),
        coverage=read_coverage(connection, as_of),
        plan=read_plan(connection, as_of),
        changes=read_changes(connection, as_of),
        realized=read_realized(connection, as_of),
        hung_jobs=read_hung_jobs(connection, as_of),
        unpriced=read_unpriced(connection, as_of),
        recommendations=read_recommendations(connection, as_of),
        exceptions=read_exceptions(connection, as_of),
        allocation=read_allocation(connection, as_of),
        restated=read_restated(connection, as_of),
        reconciliation=read_reconciliation(connection),
    )
    checks = read_checks(connection, as_of)
    previous = previous_night(connection, as_of)
    currencies = _currencies(connection, as_of, leading_currency)
    return Report(
        as_of=as_of,
        previous_as_of=previous,
        currencies=tuple(_section(parts, currency, as_of, previous) for currency in currencies),
        notices=(
            *read_source_notices(connection, as_of),
            *repeated_accounts(parts.reconciliation),
            *restated_days(parts.restated),
            *failed_checks(checks),
        ),
        checks=checks,
        checked_nights=read_checked_nights(connection, as_of),
        costsieve_version=costsieve.__version__,
    )


def largest_steps(connection: Connection, as_of: date, count: int = 5, leading_currency: str = DEFAULT_CURRENCY) -> tuple[PlanStep, ...]:
    """Return the steps with the largest net savings in the currency that leads the report; none where there is no plan."""
    plan = read_plan(connection, as_of)
    steps = next((plan[currency] for currency in _currencies(connection, as_of, leading_currency) if currency in plan), ())
    return tuple(sorted(steps, key=lambda step: (-step.net_savings, step.step))[:count])


def _section(parts: _Parts, currency: str, as_of: date, previous: date | None) -> CurrencyReport:
    plan, changes, allocation = parts.plan.get(currency, ()), parts.changes, parts.allocation.get(currency)
    return CurrencyReport(
        currency=currency,
        spend=parts.spend.get(currency) or empty_spend(as_of),
        coverage=parts.coverage.get(currency, Coverage((), (), ())),
        plan=plan,
        changes=None if changes is None or previous is None else changes.get(currency, no_change(previous)),
        realized=parts.realized.get(currency, Realized(())),
        hung_jobs=parts.hung_jobs.get(currency, ()),
        unpriced=parts.unpriced.get(currency, ()),
        recommendations=parts.recommendations.get(currency, ()),
        exceptions=parts.exceptions.get(currency, ()),
        allocation=with_savings(allocation, plan) if allocation else None,
        restated=(parts.restated or {}).get(currency),
        reconciliation=parts.reconciliation.get(currency, Reconciliation()),
    )


def _currencies(connection: Connection, as_of: date, leading_currency: str) -> list[str]:
    found = [row["currency"] for row in rows(connection, "currencies", as_of=as_of)]
    return sorted(found, key=lambda currency: currency != leading_currency)
