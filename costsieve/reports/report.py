"""The report as a value: what every rendering shows. Nothing here reads the warehouse, words or draws anything.

Amounts are whole cents of the currency they stand under, and every total equals the sum of the rows that it stands below.
None means unknown (no earlier bill, no earlier night), never zero.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costsieve.reports.report_allocation import Allocation
from costsieve.reports.report_history import Changes, Realized
from costsieve.reports.report_quality import Check, CheckedNight, Notice
from costsieve.reports.report_reconciliation import Reconciliation
from costsieve.reports.report_restated import Restated
from costsieve.reports.report_savings import HungJob, PlanStep, Recommendation, UnpricedFinding
from costsieve.reports.report_spend import Coverage, Spend, UnjudgedResource


@dataclass(frozen=True)
class CurrencyReport:
    """Everything in one currency; amounts of two currencies are never added."""

    currency: str
    spend: Spend
    coverage: Coverage
    plan: tuple[PlanStep, ...]
    changes: Changes | None
    realized: Realized
    hung_jobs: tuple[HungJob, ...]
    unpriced: tuple[UnpricedFinding, ...]
    recommendations: tuple[Recommendation, ...]
    exceptions: tuple[UnjudgedResource, ...]
    allocation: Allocation | None
    restated: Restated | None
    reconciliation: Reconciliation

    @property
    def net_savings(self) -> Decimal:
        """What the plan saves a month, overlap taken out."""
        return sum((step.net_savings for step in self.plan), Decimal("0.00"))

    @property
    def unpriced_cost(self) -> Decimal:
        """What the resources cost a month of which nobody knows what an action saves; each counts once."""
        costs = {(finding.account_id, finding.resource_id): finding.monthly_cost for finding in self.unpriced}
        return sum(costs.values(), Decimal("0.00"))

    @property
    def savings_share(self) -> Decimal | None:
        """Net savings as a share of usage spend; None where nothing was spent."""
        return self.net_savings / self.spend.usage_cost if self.spend.usage_cost > 0 else None


@dataclass(frozen=True)
class Report:
    """One night. Currencies are in reading order, the leading one first.

    ``data_docs`` is a link from the folder of the report; None where there are none.
    """

    as_of: date
    previous_as_of: date | None
    currencies: tuple[CurrencyReport, ...]
    notices: tuple[Notice, ...]
    checks: tuple[Check, ...]
    checked_nights: tuple[CheckedNight, ...]
    costsieve_version: str
    data_docs: str | None = None
