"""How values of AWS's answers are written in inventory rows. Which values a service has is told by its own module."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol

from costsieve.sources.aws.inventory.place import Place

type Row = dict[str, Any]
"""Columns of contracts.usage.INVENTORY that a lister knows; provider, account, region and time are added by the snapshot."""


class ListRows(Protocol):
    """Lists one kind of resource in one account and region."""

    def __call__(self, place: Place) -> Sequence[Row]:
        """Return one row per resource; raises SourceError when they cannot be listed."""
        ...


@dataclass(frozen=True)
class Lister:
    """What one call or a few list: a kind of resource (contracts.usage.RESOURCE_TYPES), of which service of boto3, and how."""

    service: str
    resource_type: str
    rows: ListRows


def attributes(**values: object) -> dict[str, str]:
    """Return the attributes that are known, as text: see contracts.attributes. None is unknown and left out."""
    return {name: text(value) for name, value in values.items() if value is not None}


def text(value: object) -> str:
    """Write one value: yes and no as true and false, moments in UTC, lists separated by blanks, numbers without a trailing .0."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return utc(value).isoformat(timespec="seconds")
        case float():
            return f"{Decimal(str(value)).normalize():f}"
        case list() | tuple() | set() | frozenset():
            return " ".join(sorted(map(str, value)))
        case _:
            return str(value)


def tags_of(resource: Mapping[str, Any], entry: str = "Tags") -> dict[str, str]:
    """Return tags that AWS gives as a list of keys and values."""
    return {tag["Key"]: tag.get("Value", "") for tag in resource.get(entry) or []}


def snake(state: str) -> str:
    """Write a state in lower snake case: `InService` and `in-service` are `in_service`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-\s]+", "_", state).lower()


def utc(moment: datetime) -> datetime:
    """Return the moment in UTC without a zone, as tables hold it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def utc_or_none(moment: datetime | None) -> datetime | None:
    """Return the moment as `utc` does, if there is one."""
    return utc(moment) if moment else None
