"""EC2 instances. Their disks are in ec2_storage, the groups that start them in auto_scaling."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import batched
from typing import TYPE_CHECKING

from costsieve.sources.aws.inventory.place import Place, unless_refused
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, snake, tags_of, utc

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import InstanceTypeDef

_TYPES_PER_CALL = 100
"""Most instance types that DescribeInstanceTypes takes: Amazon EC2 API Reference."""

_TRANSITION = re.compile(r"\((\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) (?:GMT|UTC)\)")
"""When the state changed last, in StateTransitionReason: `User initiated (2026-09-01 12:00:00 GMT)`."""

_CLUSTER_TAGS = (
    "aws:eks:cluster-name",
    "eks:cluster-name",
    "alpha.eksctl.io/cluster-name",
    "KubernetesCluster",
    "aws:elasticmapreduce:job-flow-id",
)
_CLUSTER_OWNER = "kubernetes.io/cluster/"


def instances(place: Place) -> "list[InstanceTypeDef]":
    """List the instances as EC2 describes them; terminated ones, which it lists for an hour, are gone."""
    reservations = place.listed("ec2", "describe_instances", "Reservations")
    listed = [each for reservation in reservations for each in reservation["Instances"]]
    return [each for each in listed if each["State"]["Name"] != "terminated"]


def _rows(place: Place) -> Sequence[Row]:
    machines = instances(place)
    types: set[str] = {machine["InstanceType"] for machine in machines}
    disks = unless_refused(lambda: _local_disks(place, types)) or {}
    return [_row(machine, disks) for machine in machines]


def _row(instance: "InstanceTypeDef", local_disks: Mapping[str, int]) -> Row:
    tags = tags_of(instance)
    return {
        "resource_id": instance["InstanceId"],
        "resource_name": tags.get("Name"),
        "resource_type": "virtual_machine",
        "state": snake(instance["State"]["Name"]),
        "instance_type": instance["InstanceType"],
        "created_at": utc(min(_known_alive(instance))),
        "tags": tags,
        "attributes": attributes(
            stopped_at=_stopped_at(instance),
            last_started_at=instance["LaunchTime"],
            auto_scaling_group=tags.get("aws:autoscaling:groupName"),
            cluster=_cluster(tags),
            is_spot=instance.get("InstanceLifecycle") == "spot",
            local_disk_count=local_disks.get(instance["InstanceType"]),
        ),
    }


def _known_alive(instance: "InstanceTypeDef") -> Iterator[datetime]:
    """Return moments at which the instance existed: its launch time is only that of its latest start, its first disk is older."""
    yield instance["LaunchTime"]
    yield from (
        mapping["Ebs"]["AttachTime"] for mapping in instance.get("BlockDeviceMappings", []) if "AttachTime" in mapping.get("Ebs", {})
    )


def _stopped_at(instance: "InstanceTypeDef") -> datetime | None:
    found = _TRANSITION.search(instance.get("StateTransitionReason") or "")
    if instance["State"]["Name"] != "stopped" or not found:
        return None
    return datetime.fromisoformat(found[1]).replace(tzinfo=UTC)


def _cluster(tags: Mapping[str, str]) -> str | None:
    """Return the EKS, self-made Kubernetes or EMR cluster that an instance is a node of, as the tags of its makers say."""
    named = [tags[key] for key in _CLUSTER_TAGS if key in tags]
    owned = [key.removeprefix(_CLUSTER_OWNER) for key in sorted(tags) if key.startswith(_CLUSTER_OWNER)]
    return next(iter([*named, *owned]), None)


def _local_disks(place: Place, types: set[str]) -> dict[str, int]:
    """Return how many disks of the host itself each of these types has: what is on them does not survive a stop."""
    described = [
        each
        for some in batched(sorted(types), _TYPES_PER_CALL, strict=False)
        for each in place.listed("ec2", "describe_instance_types", "InstanceTypes", InstanceTypes=list(some))
    ]
    return {each["InstanceType"]: sum(disk["Count"] for disk in each.get("InstanceStorageInfo", {}).get("Disks", [])) for each in described}


LISTERS = (Lister("ec2", "virtual_machine", _rows),)
