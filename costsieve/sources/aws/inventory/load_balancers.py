"""Application, network, gateway and classic load balancers, with the targets behind them. Their traffic is in CloudWatch."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING

from costsieve.sources.aws.inventory.place import Place, unless_refused
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, tags_of, utc_or_none

if TYPE_CHECKING:
    from mypy_boto3_elb.type_defs import LoadBalancerDescriptionTypeDef
    from mypy_boto3_elbv2.type_defs import LoadBalancerTypeDef, TargetHealthDescriptionTypeDef

_TAGS_PER_CALL = 20
"""Most load balancers that DescribeTags takes: Elastic Load Balancing API References."""


@dataclass(frozen=True)
class _Targets:
    """How many targets there are, and how many of them answer; None = could not be asked."""

    total: int | None
    healthy: int | None


def load_balancers(place: Place) -> "list[LoadBalancerTypeDef]":
    """List application, network and gateway load balancers."""
    return place.listed("elbv2", "describe_load_balancers", "LoadBalancers")


def classic_load_balancers(place: Place) -> "list[LoadBalancerDescriptionTypeDef]":
    """List classic load balancers."""
    return place.listed("elb", "describe_load_balancers", "LoadBalancerDescriptions")


def classic_arn(place: Place, name: str) -> str:
    """Return the ARN of a classic load balancer, as the bill names it."""
    return place.arn("elasticloadbalancing", f"loadbalancer/{name}")


def _rows(place: Place) -> Sequence[Row]:
    return [*_newer_rows(place), *_classic_rows(place)]


def _newer_rows(place: Place) -> Sequence[Row]:
    balancers = load_balancers(place)
    arns = [balancer["LoadBalancerArn"] for balancer in balancers]
    tags = unless_refused(lambda: _newer_tags(place, arns)) or {}
    targets = unless_refused(lambda: _targets(place)) if balancers else {}
    return [_newer(each, tags.get(each["LoadBalancerArn"]), _targets_of(each["LoadBalancerArn"], targets)) for each in balancers]


def _newer(balancer: "LoadBalancerTypeDef", tags: dict[str, str] | None, targets: _Targets) -> Row:
    return {
        "resource_id": balancer["LoadBalancerArn"],
        "resource_name": balancer["LoadBalancerName"],
        "resource_type": "load_balancer",
        "state": balancer.get("State", {}).get("Code"),
        "created_at": utc_or_none(balancer.get("CreatedTime")),
        "tags": tags,
        "attributes": attributes(load_balancer_kind=balancer["Type"], target_count=targets.total, healthy_target_count=targets.healthy),
    }


def _newer_tags(place: Place, arns: Sequence[str]) -> dict[str, dict[str, str]]:
    answers = [place.asked("elbv2", "describe_tags", ResourceArns=list(some)) for some in batched(arns, _TAGS_PER_CALL, strict=False)]
    return {each["ResourceArn"]: tags_of(each) for answer in answers for each in answer["TagDescriptions"]}


def _targets(place: Place) -> "dict[str, list[TargetHealthDescriptionTypeDef]]":
    """Return the targets behind each load balancer: one call per target group that is behind one."""
    found: dict[str, list[TargetHealthDescriptionTypeDef]] = defaultdict(list)
    for group in place.listed("elbv2", "describe_target_groups", "TargetGroups"):
        if not group["LoadBalancerArns"]:
            continue
        health = place.asked("elbv2", "describe_target_health", TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
        for arn in group["LoadBalancerArns"]:
            found[arn] += health
    return found


def _targets_of(arn: str, targets: "dict[str, list[TargetHealthDescriptionTypeDef]] | None") -> _Targets:
    if targets is None:
        return _Targets(None, None)
    listed = targets.get(arn, [])
    return _Targets(len(listed), sum(each["TargetHealth"]["State"] == "healthy" for each in listed))


def _classic_rows(place: Place) -> Sequence[Row]:
    balancers = classic_load_balancers(place)
    tags = unless_refused(lambda: _classic_tags(place, [each["LoadBalancerName"] for each in balancers])) or {}
    return [_classic(place, each, tags.get(each["LoadBalancerName"])) for each in balancers]


def _classic(place: Place, balancer: "LoadBalancerDescriptionTypeDef", tags: dict[str, str] | None) -> Row:
    name = balancer["LoadBalancerName"]
    health = unless_refused(lambda: place.asked("elb", "describe_instance_health", LoadBalancerName=name)["InstanceStates"])
    healthy = None if health is None else sum(each["State"] == "InService" for each in health)
    return {
        "resource_id": classic_arn(place, name),
        "resource_name": name,
        "resource_type": "load_balancer",
        "state": "active",
        "created_at": utc_or_none(balancer.get("CreatedTime")),
        "tags": tags,
        "attributes": attributes(
            load_balancer_kind="classic", target_count=len(balancer.get("Instances", [])), healthy_target_count=healthy
        ),
    }


def _classic_tags(place: Place, names: Sequence[str]) -> dict[str, dict[str, str]]:
    answers = [place.asked("elb", "describe_tags", LoadBalancerNames=list(some)) for some in batched(names, _TAGS_PER_CALL, strict=False)]
    return {each["LoadBalancerName"]: tags_of(each) for answer in answers for each in answer["TagDescriptions"]}


LISTERS = (Lister("elbv2", "load_balancer", _rows),)
