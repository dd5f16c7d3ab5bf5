"""The parts of a report about change: what differs from the last night, and what was saved so far. See costsieve.reports.report."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_ZERO = Decimal("0.00")
ACTED = ("fixed", "resource_deleted")
"""Reasons that say that somebody did something about a finding. One that can no longer be judged is not fixed."""


@dataclass(frozen=True)
class ChangedFinding:
    """A finding that came, went or saves another amount; the words are those of costsieve.contracts.history."""

    finding_id: str
    rule_id: str
    resource_id: str
    resource_name: str | None
    account_id: str | None
    change: str
    reason: str
    detail: str | None
    previous_monthly_savings: Decimal | None
    monthly_savings: Decimal | None
    difference: Decimal

    @property
    def is_priced(self) -> bool:
        """Whether it is known what the finding saves, or saved."""
        return self.previous_monthly_savings is not None or self.monthly_savings is not None


@dataclass(frozen=True)
class BridgeStep:
    """All findings that changed in one way for one reason."""

    change: str
    reason: str
    finding_count: int
    difference: Decimal


@dataclass(frozen=True)
class FindingTotal:
    """All findings of one night before overlap; those of unknown savings count, and add nothing."""

    finding_count: int
    savings: Decimal


@dataclass(frozen=True)
class Changes:
    """What differs from the previous night: ``then`` plus the differences of ``steps`` is ``now``, to the cent.

    ``found`` has the largest differences first; the deltas compare 30-day usage spend and the plan's net savings.
    """

    previous_as_of: date
    then: FindingTotal
    now: FindingTotal
    steps: tuple[BridgeStep, ...]
    found: tuple[ChangedFinding, ...]
    spend_delta: Decimal | None
    savings_delta: Decimal

    @property
    def new(self) -> tuple[ChangedFinding, ...]:
        """Findings that the previous night did not have."""
        return tuple(finding for finding in self.found if finding.change in ("new", "back"))

    @property
    def fixed(self) -> tuple[ChangedFinding, ...]:
        """Findings that went because something was done about them."""
        return tuple(finding for finding in self._gone if finding.reason in ACTED)

    @property
    def lost(self) -> tuple[ChangedFinding, ...]:
        """Findings that are no longer reported for another reason."""
        return tuple(finding for finding in self._gone if finding.reason not in ACTED)

    @property
    def _gone(self) -> tuple[ChangedFinding, ...]:
        return tuple(finding for finding in self.found if finding.change in ("gone", "excepted"))


@dataclass(frozen=True)
class RealizedFinding:
    """What was done about one finding, and what it saved so far; None where that is not known, with the reason."""

    finding_id: str
    rule_id: str
    resource_id: str
    resource_name: str | None
    acted_on: date
    reason: str
    detail: str | None
    predicted_monthly_savings: Decimal | None
    measured_from: date
    measured_days: int | None
    predicted_savings: Decimal | None
    realized_savings: Decimal | None
    unmeasured_reason: str | None
    counterfactual: str


@dataclass(frozen=True)
class RealizedRule:
    """One rule's findings that were acted on. Predictions and savings are of the same findings and days, so they compare."""

    rule_id: str
    title: str
    findings: tuple[RealizedFinding, ...]

    @property
    def compared(self) -> tuple[RealizedFinding, ...]:
        """Those that were measured and had a prediction."""
        return tuple(each for each in self.findings if each.realized_savings is not None and each.predicted_savings is not None)

    @property
    def measured_count(self) -> int:
        """Findings whose savings are known."""
        return sum(each.realized_savings is not None for each in self.findings)

    @property
    def predicted(self) -> Decimal:
        """What was predicted for the days measured."""
        return _sum(each.predicted_savings for each in self.compared)

    @property
    def realized(self) -> Decimal:
        """What was saved, that of findings without a prediction included."""
        return _sum(each.realized_savings for each in self.findings)

    @property
    def ratio(self) -> Decimal | None:
        """Saved over predicted, of the findings that have both; None where nothing was predicted."""
        return _sum(each.realized_savings for each in self.compared) / self.predicted if self.predicted > 0 else None


@dataclass(frozen=True)
class Realized:
    """What was saved so far, rule by rule, the largest first."""

    rules: tuple[RealizedRule, ...]

    @property
    def findings(self) -> tuple[RealizedFinding, ...]:
        """Every finding that was acted on, the latest first."""
        found = [finding for rule in self.rules for finding in rule.findings]
        return tuple(sorted(found, key=lambda each: (-each.acted_on.toordinal(), -(each.realized_savings or _ZERO), each.finding_id)))

    @property
    def measured_count(self) -> int:
        """Findings whose savings are known."""
        return sum(rule.measured_count for rule in self.rules)

    @property
    def predicted(self) -> Decimal:
        """What was predicted for the days measured."""
        return _sum(rule.predicted for rule in self.rules)

    @property
    def realized(self) -> Decimal:
        """What was saved."""
        return _sum(rule.realized for rule in self.rules)

    @property
    def ratio(self) -> Decimal | None:
        """Saved over predicted, of the findings that have both."""
        saved = _sum(each.realized_savings for rule in self.rules for each in rule.compared)
        return saved / self.predicted if self.predicted > 0 else None


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), _ZERO)
