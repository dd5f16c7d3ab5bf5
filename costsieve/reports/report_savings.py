"""The parts of a report about what can be saved. See costsieve.reports.report for the whole."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costsieve.reports.commands import Command
from costsieve.reports.evidence import Fact


@dataclass(frozen=True)
class PlanStep:
    """One step of the waterfall, with everything needed to decide on it and to do it; ``remedy`` is the rule's own advice."""

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
    remedy: str | None
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
class UnpricedFinding:
    """A finding of which nobody knows what the action saves; ``monthly_cost`` is what its resource costs."""

    title: str
    finding_id: str
    account_id: str | None
    region: str | None
    service: str | None
    resource_id: str
    owner: str | None
    team: str | None
    first_seen: date
    confidence: str
    confidence_reason: str
    monthly_cost: Decimal
    remedy: str | None
    facts: tuple[Fact, ...]
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class HourlyProfile:
    """Eligible usage in the mean week, hour by hour, at the product's prices, before and after clean-up; ``commitment`` is per hour."""

    before_cleanup: tuple[float, ...]
    after_cleanup: tuple[float, ...]
    commitment: float


@dataclass(frozen=True)
class AgeBin:
    """Stored bytes of objects that are at least ``age_days_from`` days old, up to the next bin."""

    age_days_from: int
    object_count: int
    byte_count: int


@dataclass(frozen=True)
class PrefixSchedule:
    """When the objects under one prefix move where; no transitions but a ``reason`` where they are left alone."""

    prefix: str
    transitions: tuple[tuple[int, str], ...]
    least_object_bytes: int
    reason: str | None


@dataclass(frozen=True)
class Recommendation:
    """A commitment or a lifecycle schedule, with the picture that it stands on: ``profile`` or ``ages``, where known."""

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
    profile: HourlyProfile | None = None
    ages: tuple[AgeBin, ...] = ()
    schedule: tuple[PrefixSchedule, ...] = ()
