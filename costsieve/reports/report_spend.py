"""The parts of a report about money that was spent, and how much of it was judged. See costsieve.reports.report for the whole."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costsieve.period import Window


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

    @property
    def rest(self) -> tuple[Verdict, ...]:
        """The part that no rule judged, by reason, the largest first."""
        return tuple(sorted((each for each in self.verdicts if each.verdict != "evaluated"), key=lambda each: (-each.cost, each.verdict)))

    @property
    def share(self) -> Decimal | None:
        """Evaluated share of the spend, 0..1; None where nothing was spent."""
        return self.evaluated_cost / self.cost if self.cost > 0 else None


@dataclass(frozen=True)
class UnjudgedResource:
    """A resource that no rule could judge, or that an exception hides.

    ``reason`` is a code or the exception's own words; ``hidden_savings`` is what an exception keeps out of the plan a month.
    """

    provider: str
    account_id: str | None
    service: str | None
    resource_id: str
    resource_name: str | None
    monthly_cost: Decimal
    rules: tuple[str, ...]
    reason: str
    hidden_savings: Decimal | None = None


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
