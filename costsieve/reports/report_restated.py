"""The part of a report about past days that are known better now. See costsieve.reports.report for the whole."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Reason:
    """What one reason changed; reasons are those of costsieve.core.restatement.REASONS."""

    reason: str
    billed: Decimal
    effective: Decimal


@dataclass(frozen=True)
class NightBridge:
    """The days before ``known_then`` as that night knew them, and as this night knows them; the reasons lead from one to the other."""

    known_then: date
    billed_then: Decimal
    effective_then: Decimal
    reasons: tuple[Reason, ...]

    @property
    def billed_change(self) -> Decimal:
        """All reasons together, as billed."""
        return sum((reason.billed for reason in self.reasons), _ZERO)

    @property
    def effective_change(self) -> Decimal:
        """All reasons together, effective."""
        return sum((reason.effective for reason in self.reasons), _ZERO)

    @property
    def billed_now(self) -> Decimal:
        """As billed, known now."""
        return self.billed_then + self.billed_change

    @property
    def effective_now(self) -> Decimal:
        """Effective, known now."""
        return self.effective_then + self.effective_change

    @property
    def top_reason(self) -> str | None:
        """The reason that moved most; None where nothing changed."""
        moved = max(self.reasons, key=lambda reason: (abs(reason.effective), abs(reason.billed)), default=None)
        return moved.reason if moved else None


@dataclass(frozen=True)
class RestatedMonth:
    """What changed for the days of one billing month since the last night."""

    billing_month: str
    billed: Decimal
    effective: Decimal
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Restated:
    """Since the last night, and since about seven nights ago; None where that is not known or is the same night."""

    since_last_night: NightBridge
    since_last_week: NightBridge | None
    months: tuple[RestatedMonth, ...]
