"""Compute Engine instances. Those that Workbench runs are in inventory.notebooks, and the nodes of TPUs in inventory.tpus."""

from typing import Any

from costsieve.sources.gcp.inventory import notebooks
from costsieve.sources.gcp.inventory.assets import Listing
from costsieve.sources.gcp.inventory.fields import Row, attributes, iso, labels, metadata_items, number, state_of, tail, utc
from costsieve.sources.gcp.inventory.kind import Kind, Rows

INSTANCE = "compute.googleapis.com/Instance"
_STATES = {"terminated": "stopped"}
"""Compute Engine calls a stopped machine TERMINATED; a deleted one is not listed."""

_ENDS = {"terminated": "lastStopTimestamp", "suspended": "lastSuspendedTimestamp"}
"""Where Compute Engine tells since when a machine does not run."""

_CLUSTER_LABELS = ("goog-k8s-cluster-name", "goog-dataproc-cluster-name")


def _rows(listing: Listing) -> Rows:
    of_notebooks = {machine.name for machine in notebooks.machines(listing)}
    for asset in listing.of(INSTANCE):
        if asset.name not in of_notebooks:
            yield asset, {**machine(asset.data), "resource_id": asset.numeric_id}


def machine(data: dict[str, Any]) -> Row:
    """Return the columns of a machine, whatever runs it."""
    state = state_of(data.get("status"))
    return {
        "resource_name": data.get("name"),
        "state": _STATES.get(state or "", state),
        "instance_type": tail(data.get("machineType")),
        "created_at": utc(data.get("creationTimestamp")),
        "tags": labels(data),
        "attributes": _attributes(data, stopped_at=data.get(_ENDS.get(state or "", ""))),
    }


def _attributes(data: dict[str, Any], stopped_at: str | None) -> dict[str, str]:
    scheduling = data.get("scheduling") or {}
    accelerators = data.get("guestAccelerators") or []
    creator = metadata_items(data).get("created-by", "")
    return attributes(
        stopped_at=iso(stopped_at),
        last_started_at=iso(data.get("lastStartTimestamp")),
        auto_scaling_group="/".join(creator.split("/")[-2:]) if "/instanceGroupManagers/" in creator else None,
        cluster=next((labels(data)[name] for name in _CLUSTER_LABELS if name in labels(data)), None),
        is_spot=scheduling.get("provisioningModel") == "SPOT" or bool(scheduling.get("preemptible")),
        gpu_count=sum(number(each.get("acceleratorCount")) or 0 for each in accelerators) if accelerators else None,
        accelerator_type=tail(accelerators[0].get("acceleratorType")) if accelerators else None,
        local_disk_count=sum(disk.get("type") == "SCRATCH" for disk in data.get("disks") or []),
    )


KIND = Kind("virtual_machine", (INSTANCE,), _rows, (notebooks.NOTEBOOK,))
