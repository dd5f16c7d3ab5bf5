"""Entries of `resources` in the estate's files: any kind of resource, with its charges, inventory and attributes spelled out there.

Machines, detached volumes and SageMaker resources that need no spelling out are made in fleet.py and services.py.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from costsieve.estate.aws.fleet import Resource, Spec, arn, born, digest, night
from costsieve.estate.plan import EstatePlan

_BARE = {
    "virtual_machine": ("i", "instance"),
    "block_volume": ("vol", "volume"),
    "snapshot": ("snap", "snapshot"),
    "machine_image": ("ami", "image"),
    "vpc_endpoint": ("vpce", "vpc-endpoint"),
    "ip_address": ("eipalloc", "elastic-ip"),
    "nat_gateway": ("nat", "natgateway"),
}
"""Prefix of the bare id that inventory and metrics know, and the folder of the ARN that the bill names."""

_ARNS = {
    "load_balancer": "elasticloadbalancing:loadbalancer/app/{name}/{digest}",
    "database": "rds:db:{name}",
    "database_snapshot": "rds:snapshot:{name}",
    "log_group": "logs:log-group:{name}",
    "container_repository": "ecr:repository/{name}",
    "inference_endpoint": "sagemaker:endpoint/{name}",
    "training_job": "sagemaker:training-job/{name}",
    "processing_job": "sagemaker:processing-job/{name}",
    "transform_job": "sagemaker:transform-job/{name}",
    "notebook": "sagemaker:notebook-instance/{name}",
    "studio_app": "sagemaker:app/{attributes[domain_id]}/{name}/jupyterlab/default",
    "studio_domain": "sagemaker:domain/{name}",
    "feature_store": "sagemaker:feature-group/{name}",
    "model": "sagemaker:model/{name}",
    "provisioned_throughput": "bedrock:provisioned-model/{digest}",
    "auto_scaling_group": "autoscaling:autoScalingGroup:{digest}:autoScalingGroupName/{name}",
}

_BILLED_BARE = {"virtual_machine", "block_volume"}


def planted_resource(plan: EstatePlan, spec: Spec) -> Resource:
    """Return the resource of one entry: ``kind``, ``charges`` (price and units a day, or size), ``listed`` and ``attributes``."""
    identifier, billing_id = identifiers(plan, spec)
    ended_at = instant(plan, spec["ended"]) if "ended" in spec else None
    inventory = {key: inventory_value(plan, spec, value) for key, value in spec.get("listed", {}).items()}
    created_at = instant(plan, spec["started"]) if "started" in spec else born(plan, spec)
    return Resource(spec["kind"], spec["name"], identifier, billing_id, spec, created_at, ended_at, inventory)


def identifiers(plan: EstatePlan, spec: Spec) -> tuple[str, str]:
    """Return the id that inventory and metrics know, and how the bill spells it."""
    kind, name = spec["kind"], spec["name"]
    if kind == "bucket":
        return name, name
    if kind in _BARE:
        prefix, folder = _BARE[kind]
        bare = f"{prefix}-0{digest(plan, kind, spec['account'], name)[:16]}"
        return bare, bare if kind in _BILLED_BARE else arn("ec2", spec, f"{folder}/{bare}")
    pattern = _ARNS[kind] if kind in _ARNS else str(spec["arn"])
    service, _, tail = pattern.format(**{**spec, "digest": digest(plan, kind, name)[:16]}).partition(":")
    identifier = arn(service, spec, tail)
    return identifier, identifier


def attributes_of(plan: EstatePlan, spec: Spec) -> list[tuple[str, str]]:
    """Return the attributes of an entry as the inventory writes them: as text, times in ISO 8601."""
    values = {key: inventory_value(plan, spec, value) for key, value in spec.get("attributes", {}).items()}
    if "ran_hours" in spec:
        values["ended_at"] = instant(plan, {"hours_ago": spec["started_hours_ago"] - spec["ran_hours"]})
    return [(key, value.isoformat() if isinstance(value, datetime) else str(value)) for key, value in values.items()]


def inventory_value(plan: EstatePlan, spec: Spec, value: Any) -> Any:  # noqa: ANN401 -- a cell of the inventory
    """Return a value as it is; a moment or a reference to another resource of the account (``{kind: name}``) is worked out."""
    if not isinstance(value, Mapping):
        return value
    if {"days_ago", "hours_ago"} & value.keys():
        return instant(plan, value)
    [(kind, name)] = value.items()
    return identifiers(plan, {**spec, "kind": kind, "name": name})[0]


def instant(plan: EstatePlan, moment: Mapping[str, float]) -> datetime:
    """Return the instant that lies ``days_ago`` and ``hours_ago`` before the night; negative ones after it."""
    return night(plan) - timedelta(days=moment.get("days_ago", 0), hours=moment.get("hours_ago", 0))
