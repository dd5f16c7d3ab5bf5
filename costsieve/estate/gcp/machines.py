"""Virtual machines of the GCP estate and their boot disks. Notebooks and other platforms are in `platforms`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from costsieve.estate.gcp.price_list import PRICES
from costsieve.estate.gcp.resource import DEFAULT_ZONE, Resource, Usage, numeric_id

LONG_AGO_HOURS = -24 * 110
_GIB_PER_VCPU = {"standard": 4.0, "highmem": 8.0, "highcpu": 1.0}
_ACCELERATED = {"a2-highgpu-1g": (12, 85.0), "g2-standard-8": (8, 32.0)}
_SERIES_IN_SKUS = {"n1": "N1 Predefined", "n2d": "N2D AMD", "t2a": "T2A Arm"}
_SKU_PLACES = {"europe-west4": "Netherlands"}


@dataclass(frozen=True)
class Setting:
    """What all resources share: the seed of their ids, the hours of the bill and the fleet file."""

    seed: int
    hours: int
    fleet: Mapping[str, Any]

    def first_hour(self, entry: Mapping[str, Any]) -> int:
        """Return the hour that a resource was created in, nine o'clock of its first day."""
        return self.hours - 24 * int(entry["days"]) + 9 if "days" in entry else LONG_AGO_HOURS


def shape(machine_type: str) -> tuple[int, float]:
    """Return vCPUs and GiB of a machine type, by the vendor's naming scheme."""
    if machine_type in _ACCELERATED:
        return _ACCELERATED[machine_type]
    series, kind, vcpus = machine_type.split("-")
    memory = 3.75 if (series, kind) == ("n1", "standard") else _GIB_PER_VCPU[kind]
    return int(vcpus), int(vcpus) * memory


def core_and_memory(machine_type: str, place: str, prefix: str = "") -> tuple[Usage, Usage]:
    """Return the two SKUs that a machine bills: there is none per machine type."""
    vcpus, memory_gib = shape(machine_type)
    series = machine_type.split("-", 1)[0]
    words = f"{prefix}{_SERIES_IN_SKUS.get(series, series.upper())}"
    geography = _SKU_PLACES.get(place.rsplit("-", 1)[0], "Americas")
    return (
        Usage(f"{words} Instance Core running in {geography}", vcpus),
        Usage(f"{words} Instance Ram running in {geography}", memory_gib),
    )


def machine(setting: Setting, entry: Mapping[str, Any]) -> Resource:
    """Return one machine of the fleet file."""
    place = entry.get("zone", DEFAULT_ZONE)
    resource_id = numeric_id(setting.seed, "instance", entry["project"], entry["name"])
    is_stopped = entry.get("state") == "stopped"
    return Resource(
        kind="virtual_machine",
        project=entry["project"],
        place=place,
        name=entry["name"],
        resource_id=resource_id,
        global_name=f"//compute.googleapis.com/projects/{entry['project']}/zones/{place}/instances/{resource_id}",
        first_hour=setting.first_hour(entry),
        last_hour=setting.hours,
        usages=_usages(entry, place),
        is_hourly=not is_stopped,
        machine_type=entry["type"],
        labels=entry.get("labels", {}),
        listed={"state": entry.get("state", "running"), "instance_type": entry["type"]},
        attributes={key: moment(setting, value) for key, value in entry.get("attributes", {}).items()},
        load={} if is_stopped else {**setting.fleet["loads"][entry["load"]], **entry.get("also", {})},
        entry={**entry, "unknown": {**_unknown_of_family(setting, entry), **entry.get("unknown", {})}},
        kept_share=_kept_share(entry),
    )


def _usages(entry: Mapping[str, Any], place: str) -> tuple[Usage, ...]:
    """Return what a machine bills; a stopped one only what is ``beside`` its cores."""
    beside = tuple(Usage(sku, float(amount)) for sku, amount in entry.get("beside", {}).items())
    if entry.get("state") == "stopped":
        return beside
    gpus = (Usage(f"Nvidia {entry['gpu']} GPU running in Americas", entry.get("gpus", 1)),) if "gpu" in entry else ()
    return (*core_and_memory(entry["type"], place), *gpus, *beside)


def _unknown_of_family(setting: Setting, entry: Mapping[str, Any]) -> Mapping[str, str]:
    """Return what rules cannot judge of a machine because of its type; of stopped ones and GPU machines they do not ask."""
    if "gpu" in entry or entry.get("state") == "stopped":
        return {}
    family = setting.fleet["families"].get(entry["type"].split("-", 1)[0], {})
    return {rule: reason for rule, reason in family.items() if rule not in entry.get("waste", "")}


def boot_disk(setting: Setting, owner: Resource) -> Resource:
    """Return the boot disk of a machine: it has the machine's name, and a numeric id of its own."""
    resource_id = numeric_id(setting.seed, "boot disk", owner.project, owner.name)
    return Resource(
        kind="block_volume",
        project=owner.project,
        place=owner.place,
        name=owner.name,
        resource_id=resource_id,
        global_name=f"//compute.googleapis.com/projects/{owner.project}/zones/{owner.place}/disks/{resource_id}",
        first_hour=owner.first_hour,
        last_hour=owner.last_hour,
        usages=(Usage("Balanced PD Capacity", 50),),
        labels=owner.labels,
        entry=owner.entry.get("root", {}),
        listed={"state": "in_use", "size_gib": 50.0, "volume_type": "pd-balanced", "attached_to": owner.resource_id},
        load={"disk_operations": 4000.0},
    )


def spot_worker(setting: Setting, number: int) -> Resource:
    """Return one Spot worker of a sweep: eight hours long, billed, and listed nowhere any more."""
    name = f"sweep-{number // 8:04d}-w{number % 8}"
    first_hour = setting.hours - 32 - (number * 53) % (setting.hours - 64)
    resource_id = numeric_id(setting.seed, "instance", "ml-research", name)
    return Resource(
        kind="virtual_machine",
        project="ml-research",
        place=DEFAULT_ZONE,
        name=name,
        resource_id=resource_id,
        global_name=f"//compute.googleapis.com/projects/ml-research/zones/{DEFAULT_ZONE}/instances/{resource_id}",
        first_hour=first_hour,
        last_hour=first_hour + 8,
        usages=core_and_memory("n2-standard-8", DEFAULT_ZONE, "Spot Preemptible "),
        is_hourly=True,
        machine_type="n2-standard-8",
        labels={"team": "vision", "project": "detection", "environment": "dev", "owner": "lena"},
    )


def moment(setting: Setting, value: Any) -> Any:  # noqa: ANN401 - a cell of the inventory
    """Return a value as it is; ``{days_ago: n}`` and ``{hours_ago: n}`` as the time since the start of the window."""
    if isinstance(value, Mapping) and {"days_ago", "hours_ago"} & value.keys():
        return timedelta(hours=setting.hours - 24 * value.get("days_ago", 0) - value.get("hours_ago", 0))
    return value


def _kept_share(entry: Mapping[str, Any]) -> float:
    """Return the price of the cheapest fitting type over the price of the present one; 0 where nothing stays."""
    if "target" not in entry:
        return 0.0
    return hourly_price(entry["target"]) / hourly_price(entry["type"])


def hourly_price(machine_type: str) -> float:
    """Return the on-demand price of a machine type in us-central1, cores and memory."""
    return sum(usage.amount * PRICES[usage.sku].price for usage in core_and_memory(machine_type, DEFAULT_ZONE))
