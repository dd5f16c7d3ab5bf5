"""Log buckets of Cloud Logging. `_Required` keeps its 400 days free of charge and cannot be changed: it is left out."""

from costsieve.sources.gcp.inventory.assets import Listing
from costsieve.sources.gcp.inventory.fields import attributes, state_of, tail, utc, whole
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_BUCKET = "logging.googleapis.com/LogBucket"
_DEFAULT_RETENTION_DAYS = 30
"""Retention of a log bucket that states none: Cloud Logging documentation, Quotas and limits, Logs retention periods."""


def _rows(listing: Listing) -> Rows:
    for asset in listing.of(_BUCKET):
        if tail(asset.name) == "_Required":
            continue
        data = asset.data
        yield (
            asset,
            {
                "resource_id": asset.name,
                "resource_name": tail(asset.name),
                "state": state_of(data.get("lifecycleState")),
                "created_at": utc(data.get("createTime")),
                "attributes": attributes(retention_days=whole(data.get("retentionDays")) or _DEFAULT_RETENTION_DAYS),
            },
        )


KIND = Kind("log_group", (_BUCKET,), _rows)
