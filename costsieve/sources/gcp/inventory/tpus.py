"""TPU nodes of the Cloud TPU API. TPUs that Compute Engine or GKE run are machines."""

from costsieve.sources.gcp.inventory.assets import Listing
from costsieve.sources.gcp.inventory.fields import attributes, labels, state_of, tail, utc
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_NODE = "tpu.googleapis.com/Node"


def _rows(listing: Listing) -> Rows:
    for asset in listing.of(_NODE):
        data = asset.data
        yield (
            asset,
            {
                "resource_id": asset.numeric_id,
                "resource_name": tail(asset.name),
                "state": state_of(data.get("state")),
                "instance_type": data.get("acceleratorType"),
                "created_at": utc(data.get("createTime")),
                "tags": labels(data),
                "attributes": attributes(accelerator_type=data.get("acceleratorType")),
            },
        )


KIND = Kind("tpu", (_NODE,), _rows)
