"""A recommendation as results.recommendations stores it: identity, rounding and JSON. What to recommend is decided elsewhere."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from costsieve.money import to_cents


@dataclass(frozen=True)
class Recommendation:
    """One thing to buy or to set. Amounts are unrounded; they are rounded once, in ``row``."""

    kind: str
    provider: str
    account_id: str | None
    title: str
    currency: str
    monthly_savings: Decimal
    monthly_savings_before_cleanup: Decimal | None
    one_off_cost: Decimal
    confidence: str
    assumptions: tuple[str, ...]
    details: dict[str, Any]
    command: str
    region: str | None = None
    resource_id: str | None = None

    @property
    def recommendation_id(self) -> str:
        """Twelve hex digits of kind, provider, account, currency and resource: the same from night to night."""
        identity = "|".join((self.kind, self.provider, self.account_id or "", self.currency, self.resource_id or ""))
        return hashlib.sha256(identity.encode()).hexdigest()[:12]

    def row(self, as_of: date) -> dict[str, Any]:
        """Return the row of results.recommendations for one night."""
        before = self.monthly_savings_before_cleanup
        return {
            "as_of": as_of,
            "recommendation_id": self.recommendation_id,
            "kind": self.kind,
            "provider": self.provider,
            "account_id": self.account_id,
            "region": self.region,
            "resource_id": self.resource_id,
            "title": self.title,
            "currency": self.currency,
            "monthly_savings": to_cents(self.monthly_savings),
            "monthly_savings_before_cleanup": None if before is None else to_cents(before),
            "one_off_cost": to_cents(self.one_off_cost),
            "confidence": self.confidence,
            "assumptions": json.dumps(self.assumptions, ensure_ascii=False),
            "details": json.dumps(self.details, ensure_ascii=False, allow_nan=False),
            "command": self.command,
        }


@dataclass(frozen=True)
class Answer:
    """What was concluded for one scope (a bill or a bucket): a recommendation, or the reason why there is none."""

    kind: str
    scope: str
    recommendation: Recommendation | None
    reason: str | None
