"""Managed instance groups with the autoscalers that size them. The machines in them are in inventory.instances."""

from typing import Any

from costsieve.sources.gcp.inventory.assets import Listing, full_name
from costsieve.sources.gcp.inventory.fields import attributes, tail, utc, whole
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_GROUP = "compute.googleapis.com/InstanceGroupManager"
_AUTOSCALER = "compute.googleapis.com/Autoscaler"
TEMPLATE = "compute.googleapis.com/InstanceTemplate"


def _rows(listing: Listing) -> Rows:
    policies = {full_name(each.data.get("target", "")): each.data.get("autoscalingPolicy") or {} for each in listing.of(_AUTOSCALER)}
    for asset in listing.of(_GROUP):
        data = asset.data
        template = listing.referred(data.get("instanceTemplate"))
        size = whole(data.get("targetSize"))
        yield (
            asset,
            {
                "resource_id": asset.short_id,
                "resource_name": data.get("name"),
                "instance_count": size,
                "instance_type": tail((template.data.get("properties") or {}).get("machineType")) if template else None,
                "created_at": utc(data.get("creationTimestamp")),
                "attributes": _capacity(size, policies.get(asset.name), are_policies_known=listing.has_listed(_AUTOSCALER)),
            },
        )


def _capacity(size: int | None, policy: dict[str, Any] | None, *, are_policies_known: bool) -> dict[str, str]:
    """A group without an autoscaler keeps its target size; whether it has one must have been listed."""
    if policy is None:
        fixed = size if are_policies_known else None
        return attributes(desired_capacity=size, minimum_capacity=fixed, maximum_capacity=fixed)
    minimum, maximum = whole(policy.get("minNumReplicas")), whole(policy.get("maxNumReplicas"))
    return attributes(desired_capacity=size, minimum_capacity=minimum, maximum_capacity=maximum)


KIND = Kind("auto_scaling_group", (_GROUP,), _rows, (_AUTOSCALER, TEMPLATE))
