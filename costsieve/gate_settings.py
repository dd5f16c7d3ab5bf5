"""The part of costsieve.yaml that loosens or tightens the quality gate. Which checks there are, costsieve.quality knows."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


def _spelled(value: Any) -> Any:  # noqa: ANN401 - YAML may hold anything
    """YAML reads a day as a date; a period is its text."""
    return value.isoformat() if isinstance(value, date) else value


def _existing(period: str) -> str:
    try:
        date.fromisoformat(period if len(period) > len("2026-09") else f"{period}-01")
    except ValueError as error:
        message = f"there is no {period} in the calendar"
        raise ValueError(message) from error
    return period


def _with_off(value: Any) -> Any:  # noqa: ANN401 - YAML may hold anything
    """YAML reads `severity: off` as false."""
    return {**value, "severity": "off"} if isinstance(value, dict) and value.get("severity") is False else value


type Period = Annotated[str, BeforeValidator(_spelled), Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$"), AfterValidator(_existing)]
type CheckOverride = Annotated[dict[str, int | Decimal | str], BeforeValidator(_with_off)]
"""Parameters of one check by name, and `severity`: critical, warning or off."""


ABOUT_REMOVED_SOURCES = "published_bills_are_configured"
"""The one check whose rows are of sources that the configuration no longer names, and so are those that are accepted of it."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    period: Period | None = None
    reason: str = Field(min_length=1)
    until: date | None = None

    def is_in_force(self, as_of: date) -> bool:
        """Tell whether the entry holds for the night ``as_of``; ``until`` is the last night on which it does."""
        return self.until is None or as_of <= self.until

    def covers(self, period: str) -> bool:
        """Tell whether the entry is about this period; a month covers its days, and no period at all covers every one."""
        return self.period is None or period == self.period or period.startswith(f"{self.period}-")


class Quarantine(_Entry):
    """A delivery that is not to be used: its period keeps the version of the last published night, or is left out."""


class Accepted(_Entry):
    """What one check says of a source, or of one of its periods, and what somebody has looked at and found right."""

    check: str
