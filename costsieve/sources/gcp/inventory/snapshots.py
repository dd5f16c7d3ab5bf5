"""Disk snapshots. Archive snapshots and those of a schedule are told apart by attributes and type."""

from costsieve.sources.gcp.inventory.assets import Listing
from costsieve.sources.gcp.inventory.disks import DISKS
from costsieve.sources.gcp.inventory.fields import attributes, labels, number, state_of, tail, utc
from costsieve.sources.gcp.inventory.instance_groups import TEMPLATE
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_SNAPSHOT = "compute.googleapis.com/Snapshot"


def _rows(listing: Listing) -> Rows:
    disks = {disk.numeric_id for disk in listing.of(*DISKS)}
    started_from = _started_from(listing)
    for asset in listing.of(_SNAPSHOT):
        data = asset.data
        source = data.get("sourceDiskId") or None
        yield (
            asset,
            {
                "resource_id": asset.numeric_id,
                "resource_name": data.get("name"),
                "state": state_of(data.get("status")),
                "size_gib": number(data.get("diskSizeGb")),
                "source_id": source,
                "is_source_alive": source in disks if source and listing.has_listed(*DISKS) else None,
                "is_in_use": asset.name in started_from if listing.has_listed(TEMPLATE) else None,
                "created_at": utc(data.get("creationTimestamp")),
                "tags": labels(data),
                "attributes": attributes(backup_plan=tail(data.get("sourceSnapshotSchedulePolicy")) or _plan(data.get("autoCreated"))),
            },
        )


def _started_from(listing: Listing) -> set[str]:
    """Return the snapshots that instance templates start disks from; images and disks are copies and need none."""
    disks = (disk for each in listing.of(TEMPLATE) for disk in (each.data.get("properties") or {}).get("disks") or [])
    sources = ((disk.get("initializeParams") or {}).get("sourceSnapshot") for disk in disks)
    return {snapshot.name for source in sources if (snapshot := listing.referred(source))}


def _plan(is_made_by_schedule: object) -> str | None:
    return "schedule" if is_made_by_schedule else None


KIND = Kind("snapshot", (_SNAPSHOT,), _rows, (*DISKS, TEMPLATE))
