"""Workbench instances. Each is a machine of the same path, and is billed and measured under that machine's numeric id."""

from collections.abc import Iterator
from typing import Any

from costsieve.sources.gcp.inventory.assets import Asset, Listing
from costsieve.sources.gcp.inventory.fields import attributes, labels, number, state_of, tail, utc
from costsieve.sources.gcp.inventory.kind import Kind, Rows

NOTEBOOK = "notebooks.googleapis.com/Instance"
_INSTANCE = "compute.googleapis.com/Instance"
_SECONDS_PER_MINUTE = 60


def machines(listing: Listing) -> Iterator[Asset]:
    """Return the machines that run notebooks."""
    yield from (machine for notebook in listing.of(NOTEBOOK) if (machine := _machine(listing, notebook)))


def _machine(listing: Listing, notebook: Asset) -> Asset | None:
    """Return the machine behind a notebook: it has the notebook's zone and, at any one time, its name."""
    path = f"projects/{notebook.project}/zones/{notebook.location}/instances/{tail(notebook.name)}"
    return listing.referred(f"https://compute.googleapis.com/compute/v1/{path}")


def _rows(listing: Listing) -> Rows:
    for asset in listing.of(NOTEBOOK):
        data, machine = asset.data, _machine(listing, asset)
        setup = data.get("gceSetup") or data
        yield (
            asset,
            {
                "resource_id": machine.numeric_id if machine else asset.short_id,
                "resource_name": tail(asset.name),
                "state": state_of(data.get("state")),
                "instance_type": tail(setup.get("machineType")),
                "created_at": utc(data.get("createTime")),
                "tags": labels(data),
                "attributes": _attributes(setup),
            },
        )


def _attributes(setup: dict[str, Any]) -> dict[str, str]:
    """Version 1 of the API states one accelerator, version 2 a list; no idle time in the metadata means that it is unknown."""
    accelerators = setup.get("acceleratorConfigs") or [setup[key] for key in ("acceleratorConfig",) if setup.get(key)]
    idle = number((setup.get("metadata") or {}).get("idle-timeout-seconds"))
    return attributes(
        gpu_count=sum(number(each.get("coreCount")) or 0 for each in accelerators) if accelerators else None,
        accelerator_type=accelerators[0].get("type") if accelerators else None,
        idle_shutdown_minutes=None if idle is None else (idle // _SECONDS_PER_MINUTE if idle else "never"),
    )


KIND = Kind("notebook", (NOTEBOOK,), _rows, (_INSTANCE,))
