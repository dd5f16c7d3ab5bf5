"""Reserved external IP addresses, regional and global. Internal ones are free, and ephemeral ones go with what they serve."""

from costsieve.sources.gcp.inventory.assets import Listing
from costsieve.sources.gcp.inventory.fields import labels, state_of, utc
from costsieve.sources.gcp.inventory.instances import INSTANCE
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_ADDRESSES = ("compute.googleapis.com/Address", "compute.googleapis.com/GlobalAddress")


def _rows(listing: Listing) -> Rows:
    for asset in listing.of(*_ADDRESSES):
        data = asset.data
        if data.get("addressType") == "INTERNAL":
            continue
        users = data.get("users") or []
        yield (
            asset,
            {
                "resource_id": asset.numeric_id,
                "resource_name": data.get("name"),
                "state": state_of(data.get("status")),
                "attached_to": _attached_to(listing, users),
                "is_in_use": bool(users) or data.get("status") == "IN_USE",
                "created_at": utc(data.get("creationTimestamp")),
                "tags": labels(data),
            },
        )


def _attached_to(listing: Listing, users: list[str]) -> str | None:
    """Return the id of the machine, or the path of what else uses the address."""
    if not users:
        return None
    machine = listing.referred(users[0])
    return (machine.numeric_id if machine else None) or "/".join(users[0].split("/")[-2:])


KIND = Kind("ip_address", _ADDRESSES, _rows, (INSTANCE,))
