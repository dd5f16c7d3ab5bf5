"""Vertex AI online feature stores of both generations. Offline storage is BigQuery, and billed there."""

from typing import Any

from costsieve.sources.gcp.inventory.assets import Listing
from costsieve.sources.gcp.inventory.fields import attributes, labels, state_of, tail, utc, whole
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_STORES = ("aiplatform.googleapis.com/FeatureOnlineStore", "aiplatform.googleapis.com/Featurestore")


def _rows(listing: Listing) -> Rows:
    for asset in listing.of(*_STORES):
        yield (
            asset,
            {
                "resource_id": asset.short_id,
                "resource_name": tail(asset.name),
                "state": state_of(asset.data.get("state")),
                "created_at": utc(asset.data.get("createTime")),
                "tags": labels(asset.data),
                "attributes": attributes(online_node_count=_nodes(asset.data)),
            },
        )


def _nodes(data: dict[str, Any]) -> int | None:
    """Return the nodes that are always paid for; stores with optimized serving do not list theirs."""
    serving = data.get("onlineServingConfig") or {}
    scaling = (data.get("bigtable") or {}).get("autoScaling") or serving.get("scaling") or {}
    fixed, minimum = whole(serving.get("fixedNodeCount")), whole(scaling.get("minNodeCount"))
    return minimum if minimum is not None else fixed


KIND = Kind("feature_store", _STORES, _rows)
