"""Cloud SQL instances and their backups."""

from typing import Any

from costsieve.sources.gcp.inventory.assets import Listing
from costsieve.sources.gcp.inventory.fields import attributes, number, state_of, tail, utc
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_INSTANCE = "sqladmin.googleapis.com/Instance"
_BACKUP = "sqladmin.googleapis.com/BackupRun"
_BYTES_PER_GIB = 2**30
_BACKUP_TYPES = {"ON_DEMAND": "manual", "AUTOMATED": "automated"}


def _instances(listing: Listing) -> Rows:
    for asset in listing.of(_INSTANCE):
        data, settings = asset.data, asset.data.get("settings") or {}
        yield (
            asset,
            {
                "resource_id": asset.name,
                "resource_name": tail(asset.name),
                "state": _state(data, settings),
                "instance_type": settings.get("tier"),
                "size_gib": number(settings.get("dataDiskSizeGb")),
                "volume_type": state_of(settings.get("dataDiskType")),
                "created_at": utc(data.get("createTime")),
                "tags": {str(key): str(value) for key, value in (settings.get("userLabels") or {}).items()},
                "attributes": attributes(
                    engine=data.get("databaseVersion"),
                    engine_version=data.get("databaseInstalledVersion"),
                    is_read_replica=data.get("instanceType") == "READ_REPLICA_INSTANCE",
                    is_multi_az=settings.get("availabilityType") == "REGIONAL",
                ),
            },
        )


def _state(data: dict[str, Any], settings: dict[str, Any]) -> str | None:
    """Cloud SQL calls an instance RUNNABLE whether it runs or not: its activation policy tells."""
    state = state_of(data.get("state"))
    if state != "runnable":
        return state
    return "stopped" if settings.get("activationPolicy") == "NEVER" else "running"


def _backups(listing: Listing) -> Rows:
    instances = {asset.name for asset in listing.of(_INSTANCE)}
    for asset in listing.of(_BACKUP):
        data = asset.data
        source = asset.name.rpartition("/backupRuns/")[0]
        billed = number(data.get("maxChargeableBytes"))
        yield (
            asset,
            {
                "resource_id": asset.name,
                "state": state_of(data.get("status")),
                "size_gib": None if billed is None else billed / _BYTES_PER_GIB,
                "source_id": source,
                "is_source_alive": source in instances if listing.has_listed(_INSTANCE) else None,
                "created_at": utc(data.get("endTime") or data.get("enqueuedTime")),
                "attributes": attributes(snapshot_type=_BACKUP_TYPES.get(data.get("type", ""))),
            },
        )


KIND = Kind("database", (_INSTANCE,), _instances)
BACKUPS = Kind("database_snapshot", (_BACKUP,), _backups, (_INSTANCE,))
