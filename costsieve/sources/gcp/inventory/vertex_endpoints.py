"""Vertex AI endpoints of models, and of vector indexes. How many replicas run now is measured, not listed."""

from typing import Any

from costsieve.sources.gcp.inventory.assets import Listing
from costsieve.sources.gcp.inventory.fields import attributes, labels, tail, utc, whole
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_ENDPOINTS = {
    "aiplatform.googleapis.com/Endpoint": ("deployedModels", "model"),
    "aiplatform.googleapis.com/IndexEndpoint": ("deployedIndexes", "index"),
}
"""Under which names each kind of endpoint lists what it serves."""


def _rows(listing: Listing) -> Rows:
    for asset in listing.of(*_ENDPOINTS):
        deployed_under, served_under = _ENDPOINTS[asset.asset_type]
        deployed = asset.data.get(deployed_under) or []
        machines = [(each.get("dedicatedResources") or {}).get("machineSpec") or {} for each in deployed]
        yield (
            asset,
            {
                "resource_id": asset.short_id,
                "resource_name": asset.data.get("displayName"),
                "state": "in_service" if deployed else "undeployed",
                "instance_type": next((machine["machineType"] for machine in machines if machine.get("machineType")), None),
                "instance_count": _total(deployed, "minReplicaCount") if deployed else 0,
                "is_in_use": bool(deployed),
                "created_at": utc(asset.data.get("createTime")),
                "tags": labels(asset.data),
                "attributes": attributes(
                    variant_count=len(deployed),
                    minimum_capacity=_total(deployed, "minReplicaCount"),
                    maximum_capacity=_total(deployed, "maxReplicaCount"),
                    is_asynchronous=False,
                    model_names=" ".join(str(tail(each.get(served_under))) for each in deployed) or None,
                ),
            },
        )


def _total(deployed: list[dict[str, Any]], bound: str) -> int | None:
    """Add up a bound of the replicas; None where a model shares machines with others, or does not state it."""
    resources = [each.get("dedicatedResources") or each.get("automaticResources") or {} for each in deployed]
    bounds = [whole(each.get(bound)) for each in resources]
    known = [each for each in bounds if each is not None]
    return sum(known) if known and len(known) == len(bounds) else None


KIND = Kind("inference_endpoint", tuple(_ENDPOINTS), _rows)
