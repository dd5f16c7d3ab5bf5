"""Disks, snapshots and buckets of the GCP estate. Boot disks are made with their machines."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from costsieve.estate.gcp.machines import Setting
from costsieve.estate.gcp.resource import DEFAULT_ZONE, Resource, Usage, numeric_id

_DISK_SKUS = {
    "pd-standard": "Storage PD Capacity",
    "pd-balanced": "Balanced PD Capacity",
    "pd-ssd": "SSD backed PD Capacity",
    "hyperdisk-balanced": "Hyperdisk Balanced Capacity",
}


def disk(setting: Setting, entry: Mapping[str, Any], machine_ids: Mapping[str, str]) -> Resource:
    """Return a data disk; one with ``detached_days`` has been unattached since then, and unmeasured."""
    resource_id = numeric_id(setting.seed, "disk", entry["project"], entry["name"])
    listed = {"size_gib": float(entry["size"]), "volume_type": entry["type"], "attached_to": machine_ids.get(entry.get("attached_to", ""))}
    iops = (Usage("Hyperdisk Balanced IOPS", entry["iops"]),) if "iops" in entry else ()
    if "detached_days" in entry:
        listed |= {"state": "available", "detached_at": timedelta(hours=setting.hours - 24 * entry["detached_days"] + 11)}
    else:
        listed |= {"state": "in_use"}
    return Resource(
        kind="block_volume",
        project=entry["project"],
        place=DEFAULT_ZONE,
        name=entry["name"],
        resource_id=resource_id,
        global_name=f"//compute.googleapis.com/projects/{entry['project']}/zones/{DEFAULT_ZONE}/disks/{resource_id}",
        first_hour=setting.first_hour(entry),
        last_hour=setting.hours,
        usages=(Usage(_DISK_SKUS[entry["type"]], entry["size"]), *iops),
        labels=entry.get("labels", {}),
        listed=listed,
        attributes=entry.get("attributes", {}),
        load={"disk_operations": 90_000.0, **entry.get("also", {})},
        entry=entry,
    )


def snapshot(setting: Setting, entry: Mapping[str, Any], disk_ids: Mapping[str, str]) -> Resource:
    """Return a snapshot; its source is gone unless it is a disk of the fleet."""
    resource_id = numeric_id(setting.seed, "snapshot", entry["project"], entry["name"])
    source_id = disk_ids.get(entry["source"], numeric_id(setting.seed, "gone disk", entry["source"]))
    return Resource(
        kind="snapshot",
        project=entry["project"],
        place="us-central1",
        name=entry["name"],
        resource_id=resource_id,
        global_name=f"//compute.googleapis.com/projects/{entry['project']}/global/snapshots/{resource_id}",
        first_hour=setting.first_hour(entry),
        last_hour=setting.hours,
        usages=(Usage("Storage PD Snapshot", entry["size"]),),
        labels=entry.get("labels", {}),
        listed={
            "state": "ready",
            "size_gib": float(entry["size"]),
            "source_id": source_id,
            "is_source_alive": entry["source"] in disk_ids,
            "is_in_use": False,
        },
        attributes=entry.get("attributes", {}),
        entry=entry,
    )


def bucket(setting: Setting, entry: Mapping[str, Any]) -> Resource:
    """Return a bucket; the export fills only the global name of buckets."""
    return Resource(
        kind="bucket",
        project=entry["project"],
        place="us" if "US" in entry["sku"] else "us-central1",
        name=entry["name"],
        resource_id=entry["name"],
        global_name=f"//storage.googleapis.com/projects/_/buckets/{entry['name']}",
        first_hour=setting.first_hour(entry),
        last_hour=setting.hours,
        usages=(
            Usage(entry["sku"], entry["size"]),
            Usage("Regional Standard Class A Operations", entry["requests"]),
            *(Usage(sku, float(amount)) for sku, amount in entry.get("beside", {}).items()),
        ),
        labels=entry.get("labels", {}),
        listed={"state": "available"},
        attributes=entry.get("attributes", {}),
        entry=entry,
    )
