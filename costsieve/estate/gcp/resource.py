"""What a GCP resource of the demo estate is: what it bills, how busy it is, what an inventory says of it. Amounts are in `lines`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

BILLING_ACCOUNT = "01D3M0-C0575E-15E7E5"
PROJECT_NUMBERS = {"ml-prod": "481000000101", "ml-research": "481000000102", "data-platform": "481000000103"}
DEFAULT_ZONE = "us-central1-a"


@dataclass(frozen=True)
class Usage:
    """A SKU of the price list and the units of it that are provisioned, or used an hour."""

    sku: str
    amount: float


@dataclass(frozen=True)
class Resource:
    """One resource. Hours count from the start of the plan's window; a negative one lies before the bill.

    Args:
        kind: word of contracts.usage.RESOURCE_TYPES, or `commitment`, which no inventory lists.
        project: project id.
        place: zone, region, multi-region or `global`.
        name: name the user gave it.
        resource_id: id that joins bill, metrics and inventory.
        global_name: resource.global_name of the bill; None on rows without a resource.
        first_hour: hour of its creation.
        last_hour: first hour in which it no longer exists.
        usages: what it bills.
        is_hourly: hourly rows; otherwise one row per Pacific day.
        machine_type: of instances.
        labels: of the user.
        listed: inventory columns beyond the common ones; None when it no longer exists.
        attributes: `attributes` of the inventory.
        load: busiest hour of each metric.
        entry: its entry in the fleet file; says what rules must conclude of it, and how well it is measured.
        kept_share: share of its cost that stays after the rule's advice, at least.
        subscription: id of the commitment that its rows pay for.
    """

    kind: str
    project: str
    place: str
    name: str
    resource_id: str
    global_name: str | None
    first_hour: int
    last_hour: int
    usages: tuple[Usage, ...]
    is_hourly: bool = False
    machine_type: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    listed: Mapping[str, Any] | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    load: Mapping[str, float] = field(default_factory=dict)
    entry: Mapping[str, Any] = field(default_factory=dict)
    kept_share: float = 0.0
    subscription: str | None = None


def numeric_id(*names: object) -> str:
    """Return the 19-digit id that Compute Engine would have given to what these names identify."""
    digest = blake2b("/".join(map(str, names)).encode(), digest_size=8).digest()
    return str(10**18 + int.from_bytes(digest) % (8 * 10**18))


def dashed_id(*names: object) -> str:
    """Return an id in the form of SKU and consumption model ids: 1A2B-3C4D-5E6F."""
    digest = blake2b("/".join(map(str, names)).encode(), digest_size=6).hexdigest().upper()
    return "-".join((digest[:4], digest[4:8], digest[8:]))


def region_of(place: str) -> str:
    """Return the region of a zone; a region is its own."""
    return place.rsplit("-", 1)[0] if place.count("-") > 1 else place
