"""Models in the Vertex AI Model Registry. They cost nothing but the artefacts that they keep in buckets."""

from costsieve.sources.gcp.inventory.assets import Listing
from costsieve.sources.gcp.inventory.fields import attributes, labels, utc
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_MODEL = "aiplatform.googleapis.com/Model"


def _rows(listing: Listing) -> Rows:
    for asset in listing.of(_MODEL):
        yield (
            asset,
            {
                "resource_id": asset.short_id,
                "resource_name": asset.data.get("displayName"),
                "is_in_use": bool(asset.data.get("deployedModels")),
                "created_at": utc(asset.data.get("createTime")),
                "tags": labels(asset.data),
                "attributes": attributes(artefact_location=asset.data.get("artifactUri")),
            },
        )


KIND = Kind("model", (_MODEL,), _rows)
