"""Vertex AI custom jobs and training pipelines. What they left behind in buckets is not looked at."""

from collections.abc import Iterator
from typing import Any

from costsieve.sources.gcp.inventory.assets import Asset, Listing
from costsieve.sources.gcp.inventory.fields import Row, attributes, iso, labels, number, seconds, state_of, utc
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_JOB = "aiplatform.googleapis.com/CustomJob"
_PIPELINE = "aiplatform.googleapis.com/TrainingPipeline"


def _rows(listing: Listing) -> Rows:
    yield from ((asset, _common(asset, "JOB_STATE_", _job_attributes(asset.data)) | _machines(asset.data)) for asset in listing.of(_JOB))
    yield from ((asset, _common(asset, "PIPELINE_STATE_", {})) for asset in listing.of(_PIPELINE))


def _common(asset: Asset, prefix: str, own_attributes: dict[str, str]) -> Row:
    data = asset.data
    told = attributes(
        ended_at=iso(data.get("endTime")), secondary_status=data.get("state"), failure_reason=(data.get("error") or {}).get("message")
    )
    return {
        "resource_id": asset.short_id,
        "resource_name": data.get("displayName"),
        "state": state_of(data.get("state"), prefix),
        "created_at": utc(data.get("createTime")),
        "tags": labels(data),
        "attributes": told | own_attributes,
    }


def _pools(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (pool for pool in (data.get("jobSpec") or {}).get("workerPoolSpecs") or [] if pool)


def _machines(data: dict[str, Any]) -> Row:
    """Count the replicas of all worker pools; the first pool's machine stands for the job."""
    pools = list(_pools(data))
    machine = (pools[0].get("machineSpec") or {}) if pools else {}
    return {
        "instance_type": machine.get("machineType"),
        "instance_count": int(sum(number(pool.get("replicaCount")) or 0 for pool in pools)) if pools else None,
        "stop_condition_seconds": seconds(((data.get("jobSpec") or {}).get("scheduling") or {}).get("timeout")),
    }


def _job_attributes(data: dict[str, Any]) -> dict[str, str]:
    spec = data.get("jobSpec") or {}
    scheduling = spec.get("scheduling") or {}
    return attributes(
        is_spot=scheduling.get("strategy") in ("SPOT", "FLEX_START") if spec else None,
        max_wait_seconds=seconds(scheduling.get("maxWaitDuration")),
        output_location=(spec.get("baseOutputDirectory") or {}).get("outputUriPrefix"),
    )


KIND = Kind("training_job", (_JOB, _PIPELINE), _rows)
