"""Cloud Storage buckets with their lifecycle. How much they hold is measured: see costsieve.sources.gcp.monitoring."""

from typing import Any

from costsieve.sources.gcp.inventory.assets import Listing
from costsieve.sources.gcp.inventory.fields import attributes, labels, tail, utc
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_BUCKET = "storage.googleapis.com/Bucket"


def _rows(listing: Listing) -> Rows:
    for asset in listing.of(_BUCKET):
        data = asset.data
        yield (
            asset,
            {
                "resource_id": tail(asset.name),
                "resource_name": tail(asset.name),
                "created_at": utc(data.get("timeCreated")),
                "tags": labels(data),
                "attributes": _attributes(data),
            },
        )


def _attributes(data: dict[str, Any]) -> dict[str, str]:
    rules = (data.get("lifecycle") or {}).get("rule") or []
    actions = {(rule.get("action") or {}).get("type") for rule in rules}
    return attributes(
        versioning="enabled" if (data.get("versioning") or {}).get("enabled") else "disabled",
        has_lifecycle=bool(actions & {"Delete", "SetStorageClass"}),
        aborts_incomplete_uploads="AbortIncompleteMultipartUpload" in actions,
        expires_noncurrent_versions=any(_deletes_noncurrent(rule) for rule in rules),
        intelligent_tiering=bool((data.get("autoclass") or {}).get("enabled")),
    )


def _deletes_noncurrent(rule: dict[str, Any]) -> bool:
    """A rule without `isLive` holds for live and noncurrent versions alike."""
    condition = rule.get("condition") or {}
    return (rule.get("action") or {}).get("type") == "Delete" and condition.get("isLive") is not True


KIND = Kind("bucket", (_BUCKET,), _rows)
