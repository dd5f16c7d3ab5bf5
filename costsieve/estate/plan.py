"""What a demo estate is asked to be, and what was planted in it. Writes nothing and knows no provider."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costsieve.period import Window, look_back


@dataclass(frozen=True)
class EstatePlan:
    """Seed, size and days of an estate. The same plan always gives the same files.

    Args:
        seed: seed of every random number in the estate.
        line_items: bill rows over all providers, met within ten percent.
        as_of: the night that the estate is made for; its last day is the day before.
        days: days of bill, utilization and inventory history.
    """

    seed: int = 7
    line_items: int = 200_000
    as_of: date = date(2026, 10, 1)
    days: int = 90

    @property
    def window(self) -> Window:
        """The days that the estate covers."""
        return look_back(self.as_of, self.days)


@dataclass(frozen=True)
class PlantedWaste:
    """One wasteful resource of the answer key.

    Args:
        rule_id: the rule that must find it.
        provider: AWS or GCP, as in core.charges.
        account_id: usage account or project.
        resource_id: id as in core.charges and inventory.
        monthly_savings_at_most: upper bound of any honest monthly savings, in the currency of the bill; None where no bound is stated.
    """

    rule_id: str
    provider: str
    account_id: str
    resource_id: str
    monthly_savings_at_most: Decimal | None = None
