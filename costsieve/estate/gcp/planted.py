"""Entries of `resources` in the fleet files: any kind of GCP resource, with its usage, inventory and attributes spelled out there."""

from collections.abc import Mapping
from typing import Any

from costsieve.estate.gcp.machines import Setting, moment
from costsieve.estate.gcp.resource import DEFAULT_ZONE, PROJECT_NUMBERS, Resource, Usage, numeric_id, region_of

_NAMES = {
    "block_volume": "//compute.googleapis.com/projects/{project}/zones/{place}/disks/{number}",
    "snapshot": "//compute.googleapis.com/projects/{project}/global/snapshots/{number}",
    "machine_image": "//compute.googleapis.com/projects/{project}/global/images/{number}",
    "ip_address": "//compute.googleapis.com/projects/{project}/regions/{place}/addresses/{number}",
    "load_balancer": "//compute.googleapis.com/projects/{project}/regions/{place}/forwardingRules/{number}",
    "nat_gateway": "//compute.googleapis.com/projects/{project}/regions/{place}/routers/{number}",
    "auto_scaling_group": "//compute.googleapis.com/projects/{project}/zones/{place}/instanceGroupManagers/{number}",
    "tpu": "//tpu.googleapis.com/projects/{project}/locations/{place}/nodes/{name}",
    "database": "//cloudsql.googleapis.com/projects/{project}/instances/{name}",
    "database_snapshot": "//cloudsql.googleapis.com/projects/{project}/instances/{source}/backupRuns/{number}",
    "bucket": "//storage.googleapis.com/projects/_/buckets/{name}",
    "log_group": "//logging.googleapis.com/projects/{project}/locations/{place}/buckets/{name}",
    "container_repository": "//artifactregistry.googleapis.com/projects/{project}/locations/{place}/repositories/{name}",
    "inference_endpoint": "//aiplatform.googleapis.com/projects/{project_number}/locations/{place}/endpoints/{number}",
    "transform_job": "//aiplatform.googleapis.com/projects/{project_number}/locations/{place}/batchPredictionJobs/{number}",
    "feature_store": "//aiplatform.googleapis.com/projects/{project_number}/locations/{place}/featureOnlineStores/{number}",
    "provisioned_throughput": "//aiplatform.googleapis.com/projects/{project_number}/locations/{place}/provisionedThroughputs/{number}",
}
"""Full resource name by kind, as the bill has it; `{number}` is what Google would have numbered the resource with."""

_IN_A_ZONE = {"block_volume", "tpu", "auto_scaling_group"}
_BY_COLLECTION = {"inference_endpoint", "transform_job", "feature_store"}


def planted_resource(setting: Setting, entry: Mapping[str, Any]) -> Resource:
    """Return the resource of one entry: ``usages`` (SKU and amount in any hour), ``listed`` and ``attributes``."""
    global_name = _global_name(setting, entry)
    return Resource(
        kind=entry["kind"],
        project=entry["project"],
        place=_place(entry),
        name=entry["name"],
        resource_id=_resource_id(entry["kind"], global_name),
        global_name=global_name,
        first_hour=setting.hours - entry["started_hours_ago"] if "started_hours_ago" in entry else setting.first_hour(entry),
        last_hour=setting.hours,
        usages=tuple(Usage(sku, float(amount)) for sku, amount in entry.get("usages", {}).items()),
        labels=entry.get("labels", {}),
        listed={key: inventory_value(setting, entry, value) for key, value in entry.get("listed", {}).items()},
        attributes={key: inventory_value(setting, entry, value) for key, value in entry.get("attributes", {}).items()},
        load={metric: float(peak) for metric, peak in entry.get("also", {}).items()},
        entry=entry,
    )


def inventory_value(setting: Setting, entry: Mapping[str, Any], value: Any) -> Any:  # noqa: ANN401 - a cell of the inventory
    """Return a value as it is; a moment (``{days_ago: n}``) or a reference within the project (``{kind: name}``) is worked out."""
    known = moment(setting, value)
    if not isinstance(known, Mapping):
        return known
    [(kind, name)] = known.items()
    if kind == "virtual_machine":
        return numeric_id(setting.seed, "instance", entry["project"], name)
    return _resource_id(kind, _global_name(setting, {"project": entry["project"], "kind": kind, "name": name}))


def _global_name(setting: Setting, entry: Mapping[str, Any]) -> str:
    kind, project = entry["kind"], entry["project"]
    number = numeric_id(setting.seed, "disk" if kind == "block_volume" else kind, project, entry["name"])
    return _NAMES[kind].format(**{**entry, "place": _place(entry), "number": number, "project_number": PROJECT_NUMBERS[project]})


def _place(entry: Mapping[str, Any]) -> str:
    return str(entry.get("place", DEFAULT_ZONE if entry["kind"] in _IN_A_ZONE else region_of(DEFAULT_ZONE)))


def _resource_id(kind: str, global_name: str) -> str:
    """Return the id that joins bill, metrics and inventory: see contracts.usage.INVENTORY."""
    if kind in _BY_COLLECTION:
        return "/".join(global_name.split("/")[-2:])
    is_short = kind == "bucket" or global_name.startswith("//compute.")
    return global_name.rsplit("/", 1)[1] if is_short else global_name
