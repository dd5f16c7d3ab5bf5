"""Vertex AI, Cloud SQL, addresses and commitments of the GCP estate. How commitments price usage is in `commitments`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from costsieve.estate.gcp.machines import LONG_AGO_HOURS, Setting, core_and_memory, machine, shape
from costsieve.estate.gcp.resource import PROJECT_NUMBERS, Resource, Usage, numeric_id

_REGION = "us-central1"
_RESIZED_DAYS = 40
_TRAINING = "Vertex AI: Training/Pipelines"
_TRAINING_USAGES = (
    Usage(f"{_TRAINING} on A2 Instance Core running in Americas", 24),
    Usage(f"{_TRAINING} on A2 Instance Ram running in Americas", 170),
    Usage(f"{_TRAINING} on NVIDIA Tesla A100 GPU running in Americas", 2),
    Usage(f"{_TRAINING} Management fee on A2 Instance Core running in Americas", 24),
    Usage(f"{_TRAINING} Management fee on NVIDIA Tesla A100 GPU running in Americas", 2),
)
_DATABASE = "Cloud SQL for PostgreSQL: Zonal -"


def notebook(setting: Setting, entry: Mapping[str, Any]) -> Resource:
    """Return a Workbench instance: it bills as a Compute Engine machine plus a management fee."""
    instance = machine(setting, entry)
    series = entry["type"].split("-", 1)[0].upper()
    fee = Usage(f"Vertex AI: Workbench Management fee on {series} Instance Core running in Americas", shape(entry["type"])[0])
    listed: dict[str, Any] = {"state": "running", "instance_type": entry["type"]}
    if "unused_days" in entry:
        listed["last_activity_at"] = timedelta(hours=setting.hours - 24 * entry["unused_days"] - 6)
    return replace(instance, kind="notebook", usages=(*instance.usages, fee), listed=listed, entry=entry)


def endpoint(setting: Setting, entry: Mapping[str, Any]) -> Resource:
    """Return an online prediction endpoint with a deployed model on n1-standard-4 replicas."""
    return replace(
        _vertex(setting, entry, "endpoints"),
        kind="inference_endpoint",
        first_hour=setting.first_hour(entry),
        usages=tuple(
            Usage(f"Vertex AI: Online/Batch Prediction N1 Instance {word} running in Americas", usage.amount * entry["replicas"])
            for word, usage in zip(("Core", "Ram"), core_and_memory("n1-standard-4", _REGION), strict=True)
        ),
        listed={"state": "in_service", "instance_type": "n1-standard-4", "instance_count": entry["replicas"], "is_in_use": True},
        attributes={"variant_count": "1"},
        load={metric: float(peak) for metric, peak in entry["also"].items()},
    )


def training_job(setting: Setting, entry: Mapping[str, Any]) -> Resource:
    """Return a custom job on two A100; without ``run_hours`` it is still running."""
    first_hour = setting.hours - entry["start_hours"]
    return replace(
        _vertex(setting, entry, "customJobs"),
        kind="training_job",
        first_hour=first_hour,
        last_hour=first_hour + entry.get("run_hours", entry["start_hours"]),
        usages=_TRAINING_USAGES,
        is_hourly=True,
        listed={
            "state": entry.get("state", "succeeded" if "run_hours" in entry else "running"),
            "instance_type": "a2-highgpu-2g",
            "instance_count": 1,
            "stop_condition_seconds": 3600 * entry["limit_hours"],
        },
        attributes={"is_spot": "false", **entry.get("attributes", {})},
    )


def _vertex(setting: Setting, entry: Mapping[str, Any], collection: str) -> Resource:
    """Return a Vertex AI resource: its id keeps the collection, because ids are only unique within one."""
    resource_id = f"{collection}/{numeric_id(setting.seed, collection, entry['project'], entry['name'])}"
    return Resource(
        kind="other",
        project=entry["project"],
        place=_REGION,
        name=entry["name"],
        resource_id=resource_id,
        global_name=f"//aiplatform.googleapis.com/projects/{PROJECT_NUMBERS[entry['project']]}/locations/{_REGION}/{resource_id}",
        first_hour=0,
        last_hour=setting.hours,
        usages=(),
        labels=entry.get("labels", {}),
        entry=entry,
    )


def address(setting: Setting, entry: Mapping[str, Any], machine_ids: Mapping[str, str]) -> Resource:
    """Return a static external address that a machine uses."""
    resource_id = numeric_id(setting.seed, "address", entry["project"], entry["name"])
    return Resource(
        kind="ip_address",
        project=entry["project"],
        place=_REGION,
        name=entry["name"],
        resource_id=resource_id,
        global_name=f"//compute.googleapis.com/projects/{entry['project']}/regions/{_REGION}/addresses/{resource_id}",
        first_hour=LONG_AGO_HOURS,
        last_hour=setting.hours,
        usages=(
            Usage("External IP Charge on a Standard VM", 1),
            Usage("Network Internet Data Transfer Out from Americas to Americas", 6),
        ),
        listed={"state": "in_use", "attached_to": machine_ids[entry["attached_to"]]},
    )


def database(setting: Setting) -> list[Resource]:
    """Return the feature store's database before and after it was halved, which left its commitment too large."""
    resized_hour = max(setting.hours - 24 * _RESIZED_DAYS, 0)
    global_name = "//cloudsql.googleapis.com/projects/ml-prod/instances/feature-store-db"
    after = Resource(
        kind="database",
        project="ml-prod",
        place=_REGION,
        name="feature-store-db",
        resource_id=global_name,
        global_name=global_name,
        first_hour=resized_hour,
        last_hour=setting.hours,
        usages=_database_usages(4),
        labels={"team": "recsys", "project": "features", "environment": "prod", "owner": "priya"},
        listed={"state": "running", "instance_type": "db-custom-4-16384", "size_gib": 500.0, "created_at": timedelta(hours=LONG_AGO_HOURS)},
        load={"connections": 64.0, "cpu_percent": 92.0},
    )
    before = replace(after, first_hour=LONG_AGO_HOURS, last_hour=resized_hour, usages=_database_usages(8), listed=None)
    return [before, after]


def _database_usages(vcpus: int) -> tuple[Usage, ...]:
    return (
        Usage(f"{_DATABASE} vCPU in Americas", vcpus),
        Usage(f"{_DATABASE} RAM in Americas", 4 * vcpus),
        Usage(f"{_DATABASE} Standard storage in Americas", 500),
    )


def commitments(setting: Setting) -> list[Resource]:
    """Return the fees of the resource based commitment: 12 N2 cores and 48 GiB in a project that runs only 8 and 32."""
    fees = Resource(
        kind="commitment",
        project="data-platform",
        place=_REGION,
        name="n2-lakehouse",
        resource_id="n2-lakehouse",
        global_name=None,
        first_hour=LONG_AGO_HOURS,
        last_hour=setting.hours,
        usages=(Usage("Commitment v1: N2 Cpu in Americas for 1 Year", 12), Usage("Commitment v1: N2 Ram in Americas for 1 Year", 48)),
        subscription=numeric_id(setting.seed, "commitment", "n2-lakehouse"),
    )
    return [fees]
