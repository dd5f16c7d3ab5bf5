"""Zonal and regional persistent disks and Hyperdisks. Local SSDs are part of their machine."""

from typing import Any

from costsieve.sources.gcp.inventory.assets import Listing, full_name
from costsieve.sources.gcp.inventory.fields import attributes, iso, labels, number, tail, utc
from costsieve.sources.gcp.inventory.instances import INSTANCE
from costsieve.sources.gcp.inventory.kind import Kind, Rows

DISKS = ("compute.googleapis.com/Disk", "compute.googleapis.com/RegionDisk")


def _rows(listing: Listing) -> Rows:
    deleted_with_machine = {
        full_name(disk["source"]): disk.get("autoDelete", False)
        for machine in listing.of(INSTANCE)
        for disk in machine.data.get("disks") or []
        if disk.get("source")
    }
    for asset in listing.of(*DISKS):
        data = asset.data
        users = data.get("users") or []
        yield (
            asset,
            {
                "resource_id": asset.numeric_id,
                "resource_name": data.get("name"),
                "state": _state(data, users),
                "size_gib": number(data.get("sizeGb")),
                "volume_type": tail(data.get("type")),
                "attached_to": _attached_to(listing, users),
                "source_id": data.get("sourceSnapshotId") or data.get("sourceImageId"),
                "created_at": utc(data.get("creationTimestamp")),
                "detached_at": None if users else utc(data.get("lastDetachTimestamp")),
                "tags": labels(data),
                "attributes": attributes(
                    provisioned_iops=number(data.get("provisionedIops")),
                    provisioned_throughput_mibps=number(data.get("provisionedThroughput")),
                    delete_on_termination=deleted_with_machine.get(asset.name),
                    last_attached_at=iso(data.get("lastAttachTimestamp")),
                ),
            },
        )


def _state(data: dict[str, Any], users: list[str]) -> str | None:
    status = (data.get("status") or "").lower()
    if status not in ("", "ready"):
        return status
    return "in_use" if users else "available"


def _attached_to(listing: Listing, users: list[str]) -> str | None:
    """Return the machine's id. One that was not listed is named by its path: the disk is attached all the same."""
    if not users:
        return None
    machine = listing.referred(users[0])
    return (machine.numeric_id if machine else None) or "/".join(users[0].split("/")[-2:])


KIND = Kind("block_volume", DISKS, _rows, (INSTANCE,))
