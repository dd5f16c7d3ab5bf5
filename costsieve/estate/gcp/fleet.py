"""The resources of the GCP estate: the fixed fleet, and the machines that larger plans add to it. Nothing is billed here."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import yaml

from costsieve.estate.gcp.machines import Setting, boot_disk, machine, spot_worker
from costsieve.estate.gcp.planted import planted_resource
from costsieve.estate.gcp.platforms import address, commitments, database, endpoint, notebook, training_job
from costsieve.estate.gcp.resource import Resource, numeric_id
from costsieve.estate.gcp.storage import bucket, disk, snapshot
from costsieve.estate.plan import EstatePlan

SPOT_WORKERS = 6
"""Short-lived workers of a hyperparameter sweep that every plan has: billed, and gone when the inventory is taken."""


def setting(plan: EstatePlan) -> Setting:
    """Read the fleet files for a plan."""
    package = files("costsieve.estate.gcp")
    fleet: dict[str, Any] = yaml.safe_load(package.joinpath("fleet.yaml").read_text())
    for section, entries in yaml.safe_load(package.joinpath("planted.yaml").read_text()).items():
        fleet[section] = [*fleet.get(section, []), *entries]
    return Setting(plan.seed, 24 * plan.days, fleet)


def fixed_fleet(setting: Setting) -> list[Resource]:
    """Return what every plan has, whatever its size."""
    fleet = setting.fleet
    machines = [machine(setting, entry) for entry in fleet["machines"]]
    notebooks = [notebook(setting, entry) for entry in fleet["notebooks"]]
    resources = [*machines, *notebooks, *(boot_disk(setting, owner) for owner in (*machines, *notebooks))]
    ids = {owner.name: owner.resource_id for owner in machines}
    resources += [disk(setting, entry, ids) for entry in fleet["disks"]]
    resources += [snapshot(setting, entry, _disk_ids(setting)) for entry in fleet["snapshots"]]
    resources += [endpoint(setting, entry) for entry in fleet["endpoints"]]
    resources += [planted_resource(setting, entry) for entry in fleet["resources"]]
    resources += [training_job(setting, entry) for entry in fleet["jobs"]]
    resources += [bucket(setting, entry) for entry in fleet["buckets"]]
    resources += [address(setting, entry, ids) for entry in fleet["addresses"]]
    return [*resources, *database(setting), *commitments(setting), *(spot_worker(setting, number) for number in range(SPOT_WORKERS))]


def growth(setting: Setting, machine_count: int) -> Iterator[Resource]:
    """Yield ``machine_count`` more busy machines with their boot disks."""
    templates: list[Mapping[str, Any]] = setting.fleet["growth"]
    for number in range(machine_count):
        template = templates[number % len(templates)]
        labels = {"team": template["team"], "environment": "prod"} if number % 5 else {}
        waste = template["waste"] if labels else [*template["waste"], "untagged_spend"]
        entry = {**template, "name": f"{template['name']}-{number:04d}", "load": "busy", "labels": labels, "waste": waste}
        owner = machine(setting, entry)
        yield owner
        yield boot_disk(setting, owner)


def _disk_ids(setting: Setting) -> dict[str, str]:
    return {entry["name"]: numeric_id(setting.seed, "disk", entry["project"], entry["name"]) for entry in setting.fleet["disks"]}
