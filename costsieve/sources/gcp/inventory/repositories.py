"""Artifact Registry repositories. The images in them are not listed."""

from costsieve.sources.gcp.inventory.assets import Listing
from costsieve.sources.gcp.inventory.fields import attributes, labels, number, tail, utc
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_REPOSITORY = "artifactregistry.googleapis.com/Repository"


def _rows(listing: Listing) -> Rows:
    for asset in listing.of(_REPOSITORY):
        data = asset.data
        cleans = bool(data.get("cleanupPolicies")) and not data.get("cleanupPolicyDryRun")
        yield (
            asset,
            {
                "resource_id": asset.name,
                "resource_name": tail(asset.name),
                "created_at": utc(data.get("createTime")),
                "tags": labels(data),
                "attributes": attributes(has_lifecycle=cleans, stored_bytes=number(data.get("sizeBytes"))),
            },
        )


KIND = Kind("container_repository", (_REPOSITORY,), _rows)
