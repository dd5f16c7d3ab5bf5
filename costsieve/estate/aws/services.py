"""Everything of the demo organisation that is no machine: volumes, snapshots, SageMaker, databases, networks, buckets."""

from collections.abc import Iterator
from datetime import timedelta

from costsieve.estate.aws.fleet import Resource, Spec, arn, born, digest, ec2_resource, estate_file, machines, night
from costsieve.estate.aws.planted import planted_resource
from costsieve.estate.objects import DATASETS_BUCKET, stored_gib
from costsieve.estate.plan import EstatePlan


def base_resources(plan: EstatePlan) -> list[Resource]:
    """Return the fixed part of the estate, which holds all planted waste."""
    content = estate_file()
    makers = {
        "volumes": _detached_volume,
        "snapshots": _snapshot,
        "endpoints": _endpoint,
        "notebooks": _notebook,
        "training_jobs": _training_job,
        "databases": _database,
        "buckets": _bucket,
    }
    resources = list(machines(plan, content["machines"]))
    for section, make in makers.items():
        resources += [make(plan, spec) for spec in content[section]]
    resources += [planted_resource(plan, spec) for spec in content["resources"]]
    for spec in content["networks"]:
        resources += _network(plan, spec)
    return resources


def _detached_volume(plan: EstatePlan, spec: Spec) -> Resource:
    detached_at = night(plan) - timedelta(days=spec["detached_days"], hours=-5)
    inventory = {"state": "available", "size_gib": float(spec["gib"]), "volume_type": spec["type"], "detached_at": detached_at}
    measured = {**spec, "also": {"disk_operations": (5.0e3, 1.2e5)}}
    return ec2_resource(plan, "block_volume", "vol", measured, inventory=inventory)


def _snapshot(plan: EstatePlan, spec: Spec) -> Resource:
    inventory = {
        "state": "completed",
        "size_gib": float(spec["gib"]),
        "source_id": f"vol-0{digest(plan, 'source', spec['name'])[:16]}",
        "is_source_alive": spec["is_source_alive"],
        "is_in_use": spec.get("is_in_use", False),
    }
    snapshot_id = f"snap-0{digest(plan, 'snapshot', spec['account'], spec['name'])[:16]}"
    return ec2_resource(plan, "snapshot", "snap", spec, inventory=inventory, billing_id=arn("ec2", spec, f"snapshot/{snapshot_id}"))


def _sagemaker(plan: EstatePlan, kind: str, tail: str, spec: Spec, inventory: Spec) -> Resource:
    identifier = arn("sagemaker", spec, tail)
    return Resource(kind, spec["name"], identifier, identifier, spec, born(plan, spec), None, inventory)


def _endpoint(plan: EstatePlan, spec: Spec) -> Resource:
    inventory = {"state": "InService", "instance_count": spec["count"], "is_in_use": True}
    return _sagemaker(plan, "inference_endpoint", f"endpoint/{spec['name']}", spec, inventory)


def _notebook(plan: EstatePlan, spec: Spec) -> Resource:
    inventory = {"state": "InService", "instance_count": 1}
    if "active_days_ago" in spec:
        inventory["last_activity_at"] = night(plan) - timedelta(days=spec["active_days_ago"], hours=6)
    return _sagemaker(plan, "notebook", f"notebook-instance/{spec['name']}", spec, inventory)


def _training_job(plan: EstatePlan, spec: Spec) -> Resource:
    started_at = night(plan) - timedelta(hours=spec["started_hours_ago"])
    ended_at = started_at + timedelta(hours=spec["ran_hours"]) if "ran_hours" in spec else None
    inventory = {
        "state": spec.get("state", "Completed" if ended_at else "InProgress"),
        "instance_count": spec["count"],
        "stop_condition_seconds": spec["stop_after_hours"] * 3600,
    }
    identifier = arn("sagemaker", spec, f"training-job/{spec['name']}")
    return Resource("training_job", spec["name"], identifier, identifier, spec, started_at, ended_at, inventory)


def _database(plan: EstatePlan, spec: Spec) -> Resource:
    identifier = arn("rds", spec, f"db:{spec['name']}")
    inventory = {"state": "available", "size_gib": float(spec["gib"]), "volume_type": "gp3"}
    return Resource("database", spec["name"], identifier, identifier, spec, born(plan, spec), None, inventory)


def _bucket(plan: EstatePlan, spec: Spec) -> Resource:
    if spec["name"] == DATASETS_BUCKET:
        spec = {**spec, "s3-standard": stored_gib(plan)}
    return Resource("bucket", spec["name"], spec["name"], spec["name"], spec, born(plan, spec))


def _network(plan: EstatePlan, spec: Spec) -> Iterator[Resource]:
    for kind, prefix, folder in (("nat_gateway", "nat", "natgateway"), ("ip_address", "eipalloc", "elastic-ip")):
        bare = f"{prefix}-0{digest(plan, kind, spec['account'], spec['name'])[:16]}"
        state = {"state": "available"} if kind == "nat_gateway" else {"state": "in_use", "attached_to": f"eni-{bare[-17:]}"}
        own = {**spec, "waste": spec.get("nat_waste") if kind == "nat_gateway" else None}
        yield ec2_resource(plan, kind, prefix, own, inventory=state, billing_id=arn("ec2", spec, f"{folder}/{bare}"))
    balancer = arn("elasticloadbalancing", spec, f"loadbalancer/app/{spec['name']}/{digest(plan, 'alb', spec['name'])[:16]}")
    yield Resource("load_balancer", spec["name"], balancer, balancer, spec, born(plan, spec), None, {"state": "active"})
