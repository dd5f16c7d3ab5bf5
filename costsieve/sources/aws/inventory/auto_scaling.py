"""EC2 Auto Scaling groups, and the images that they would start. Their instances are in ec2_instances."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from costsieve.sources.aws.inventory.place import Place
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, snake, tags_of, utc

if TYPE_CHECKING:
    from mypy_boto3_autoscaling.type_defs import AutoScalingGroupTypeDef


def launchable_images(place: Place) -> set[str]:
    """Return the images that launch templates (newest, default, and those that a group names) and launch configurations start."""
    versions = [*_versions_of_all_templates(place), *_versions_of_groups(place)]
    configured = place.listed("autoscaling", "describe_launch_configurations", "LaunchConfigurations")
    return {
        *(version["LaunchTemplateData"]["ImageId"] for version in versions if "ImageId" in version["LaunchTemplateData"]),
        *(each["ImageId"] for each in configured),
    }


def _versions_of_all_templates(place: Place) -> Sequence[Any]:
    return place.listed("ec2", "describe_launch_template_versions", "LaunchTemplateVersions", Versions=["$Latest", "$Default"])


def _versions_of_groups(place: Place) -> Iterator[Any]:
    """A group may stay at a numbered version of its template."""
    for group in _groups(place):
        for template in _templates(group):
            version = template.get("Version", "$Default")
            if "LaunchTemplateId" in template and not version.startswith("$"):
                asked = {"LaunchTemplateId": template["LaunchTemplateId"], "Versions": [version]}
                yield from place.listed("ec2", "describe_launch_template_versions", "LaunchTemplateVersions", **asked)


def _templates(group: "AutoScalingGroupTypeDef") -> Iterator[Mapping[str, Any]]:
    mixed = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
    overridden = [each.get("LaunchTemplateSpecification") for each in mixed.get("Overrides", [])]
    yield from (each for each in (group.get("LaunchTemplate"), mixed.get("LaunchTemplateSpecification"), *overridden) if each)


def _groups(place: Place) -> "list[AutoScalingGroupTypeDef]":
    return place.listed("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups")


def _rows(place: Place) -> Sequence[Row]:
    return [_row(group) for group in _groups(place)]


def _row(group: "AutoScalingGroupTypeDef") -> Row:
    types = {each["InstanceType"] for each in group["Instances"] if "InstanceType" in each}
    return {
        "resource_id": group.get("AutoScalingGroupARN"),
        "resource_name": group["AutoScalingGroupName"],
        "resource_type": "auto_scaling_group",
        "state": snake(group.get("Status", "active")),
        "instance_type": types.pop() if len(types) == 1 else None,
        "instance_count": len(group["Instances"]),
        "created_at": utc(group["CreatedTime"]),
        "tags": tags_of(group),
        "attributes": attributes(
            minimum_capacity=group["MinSize"],
            desired_capacity=group["DesiredCapacity"],
            maximum_capacity=group["MaxSize"],
        ),
    }


LISTERS = (Lister("autoscaling", "auto_scaling_group", _rows),)
