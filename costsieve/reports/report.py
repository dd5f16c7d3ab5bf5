"""The report as a value: what every rendering shows. Nothing here reads the warehouse, words or draws anything.

Amounts are whole cents of the currency they stand under, and every total equals the sum of the rows that it stands below.
None means unknown (no earlier bill, no earlier night), never zero.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costsieve.period import Window
from costsieve.reports.commands import Command
from costsieve.reports.evidence import Fact


@dataclass(frozen=True)
class BridgeRow:
    """One pool of charges: what it adds to the net effective total and to the billed total."""

    pool: str
    net_cost: Decimal
    billed_cost: Decimal


@dataclass(frozen=True)
class DaySpend:
    """Usage spend of one day, one amount per entry of ``Spend.services``."""

    day: date
    costs: tuple[Decimal, ...]


@dataclass(frozen=True)
class TeamSpend:
    """Usage spend of one team (None: untagged) with its largest projects, and what the plan would save it a month."""

    team: str | None
    projects: tuple[str, ...]
    cost: Decimal
    net_savings: Decimal


@dataclass(frozen=True)
class Spend:
    """What was spent in ``window`` at the price that is really paid; comparisons are None where the bill does not reach back."""

    window: Window
    usage_cost: Decimal
    days_charged: int
    last_day: date | None
    cost_before: Decimal | None
    month_to_date: Window
    month_to_date_cost: Decimal
    bridge: tuple[BridgeRow, ...]
    services: tuple[str, ...]
    days: tuple[DaySpend, ...]
    teams: tuple[TeamSpend, ...]

    @property
    def net_total(self) -> Decimal:
        """All pools, net effective."""
        return sum((row.net_cost for row in self.bridge), Decimal("0.00"))

    @property
    def billed_total(self) -> Decimal:
        """All pools as billed: what the invoices say for these days."""
        return sum((row.billed_cost for row in self.bridge), Decimal("0.00"))


@dataclass(frozen=True)
class Verdict:
    """Spend that shares one verdict: ``evaluated``, ``excepted``, a reason code, ``no_rule`` or ``no_resource``."""

    verdict: str
    resource_count: int
    cost: Decimal


@dataclass(frozen=True)
class ServiceCoverage:
    """How far the rules could judge the spend of one service."""

    service: str
    verdicts: tuple[Verdict, ...]

    @property
    def cost(self) -> Decimal:
        """Usage spend of the service."""
        return sum((verdict.cost for verdict in self.verdicts), Decimal("0.00"))

    @property
    def evaluated_cost(self) -> Decimal:
        """The part that at least one rule judged."""
        return sum((verdict.cost for verdict in self.verdicts if verdict.verdict == "evaluated"), Decimal("0.00"))


@dataclass(frozen=True)
class UnjudgedResource:
    """A resource that no rule could judge, or that an exception hides; ``reason`` is a code or the exception's own words."""

    provider: str
    account_id: str | None
    service: str | None
    resource_id: str
    resource_name: str | None
    monthly_cost: Decimal
    rules: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Coverage:
    """How much of the usage spend was evaluated, by service, with what stands behind the rest."""

    services: tuple[ServiceCoverage, ...]
    verdicts: tuple[Verdict, ...]
    unjudged: tuple[UnjudgedResource, ...]

    @property
    def cost(self) -> Decimal:
        """Usage spend of the window."""
        return sum((verdict.cost for verdict in self.verdicts), Decimal("0.00"))

    @property
    def evaluated_cost(self) -> Decimal:
        """The part that at least one rule judged."""
        return sum((verdict.cost for verdict in self.verdicts if verdict.verdict == "evaluated"), Decimal("0.00"))

    @property
    def share(self) -> Decimal | None:
        """Evaluated share of the spend, 0..1; None where nothing was spent."""
        return self.evaluated_cost / self.cost if self.cost > 0 else None


@dataclass(frozen=True)
class PlanStep:
    """One step of the waterfall, with everything needed to decide on it and to do it."""

    step: int
    action: str
    title: str
    provider: str
    account_id: str | None
    region: str | None
    service: str | None
    resource_id: str | None
    resource_name: str | None
    owner: str | None
    team: str | None
    project: str | None
    environment: str | None
    currency: str
    gross_savings: Decimal
    overlap: Decimal
    net_savings: Decimal
    monthly_cost: Decimal | None
    monthly_list_savings: Decimal | None
    monthly_cash_savings: Decimal | None
    confidence: str
    confidence_reason: str | None
    rule_id: str | None
    first_seen: date | None
    finding_id: str | None
    recommendation_id: str | None
    facts: tuple[Fact, ...]
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class HungJob:
    """A job that should have ended: what it has spent so far is in no monthly total."""

    title: str
    finding_id: str
    account_id: str | None
    region: str | None
    owner: str | None
    team: str | None
    first_seen: date
    confidence: str
    confidence_reason: str
    accrued_cost: Decimal
    facts: tuple[Fact, ...]
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class UsageHour:
    """One hour of compute usage at the price before commitments: what a commitment covers today, and what is left on demand."""

    covered_cost: Decimal
    on_demand_cost: Decimal


@dataclass(frozen=True)
class AgeBin:
    """Stored bytes of objects that are at least ``age_days_from`` days old, up to the next bin."""

    age_days_from: int
    object_count: int
    byte_count: int


@dataclass(frozen=True)
class Recommendation:
    """A commitment or a lifecycle schedule, with the picture that it stands on: ``hours`` or ``ages``, each empty for the other kind."""

    recommendation_id: str
    kind: str
    provider: str
    title: str
    resource_id: str | None
    monthly_savings: Decimal
    monthly_savings_before_cleanup: Decimal | None
    one_off_cost: Decimal
    confidence: str
    assumptions: tuple[str, ...]
    facts: tuple[Fact, ...]
    commands: tuple[Command, ...]
    coverage_line: Decimal | None
    hours: tuple[UsageHour, ...] = ()
    hours_from: date | None = None
    ages: tuple[AgeBin, ...] = ()


@dataclass(frozen=True)
class ChangedFinding:
    """A finding that came or went; ``outcome`` tells what became of one that went (clean, not_evaluable, excepted, gone)."""

    finding_id: str
    rule_id: str
    resource_id: str
    resource_name: str | None
    monthly_savings: Decimal
    outcome: str


@dataclass(frozen=True)
class Changes:
    """What differs from the previous night; deltas compare 30-day usage spend and the plan's net savings."""

    previous_as_of: date
    new: tuple[ChangedFinding, ...]
    closed: tuple[ChangedFinding, ...]
    spend_delta: Decimal | None
    savings_delta: Decimal


@dataclass(frozen=True)
class CurrencyReport:
    """Everything in one currency; amounts of two currencies are never added."""

    currency: str
    spend: Spend
    coverage: Coverage
    plan: tuple[PlanStep, ...]
    changes: Changes | None
    hung_jobs: tuple[HungJob, ...]
    recommendations: tuple[Recommendation, ...]
    exceptions: tuple[UnjudgedResource, ...]

    @property
    def net_savings(self) -> Decimal:
        """What the plan saves a month, overlap taken out."""
        return sum((step.net_savings for step in self.plan), Decimal("0.00"))

    @property
    def savings_share(self) -> Decimal | None:
        """Net savings as a share of usage spend; None where nothing was spent."""
        return self.net_savings / self.spend.usage_cost if self.spend.usage_cost > 0 else None


@dataclass(frozen=True)
class Check:
    """One expectation and what it saw."""

    table_name: str
    check_name: str
    severity: str
    is_passed: bool
    observed: str


@dataclass(frozen=True)
class Report:
    """One night. Currencies are in reading order, the leading one first."""

    as_of: date
    previous_as_of: date | None
    currencies: tuple[CurrencyReport, ...]
    checks: tuple[Check, ...]
    costsieve_version: str
