"""S3 buckets and how they are configured: a few calls per bucket, none per object. What they hold is in CloudWatch and S3 Inventory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from costsieve.sources.aws.inventory.place import Place, unless_refused
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, tags_of, utc_or_none

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import BucketTypeDef, LifecycleRuleOutputTypeDef

_MEASURED_UPLOADS = 200
"""Unfinished uploads of a bucket whose parts are added up, one call each; where there are more, their bytes stay unknown."""

_INTELLIGENT_TIERING = "INTELLIGENT_TIERING"


def buckets(place: Place) -> "list[BucketTypeDef]":
    """List the account's buckets in this region."""
    return place.listed("s3", "list_buckets", "Buckets", BucketRegion=place.region)


def _rows(place: Place) -> Sequence[Row]:
    return [_row(place, bucket) for bucket in buckets(place)]


def _row(place: Place, bucket: "BucketTypeDef") -> Row:
    name = bucket["Name"]
    return {
        "resource_id": name,
        "resource_name": name,
        "resource_type": "bucket",
        "created_at": utc_or_none(bucket.get("CreationDate")),
        "tags": unless_refused(lambda: _tags(place, name)),
        "attributes": attributes(
            versioning=unless_refused(lambda: _versioning(place, name)),
            **unless_refused(lambda: _lifecycle(place, name)) or {},
            **unless_refused(lambda: _uploads(place, name)) or {},
        ),
    }


def _tags(place: Place, name: str) -> dict[str, str]:
    return tags_of(place.asked_if_any("s3", "get_bucket_tagging", ("NoSuchTagSet",), Bucket=name) or {}, "TagSet")


def _versioning(place: Place, name: str) -> str:
    """A bucket whose versioning was never switched on says nothing."""
    return str(place.asked("s3", "get_bucket_versioning", Bucket=name).get("Status", "disabled")).lower()


def _lifecycle(place: Place, name: str) -> dict[str, bool]:
    """What the enabled rules do. Some bucket-wide or narrower rule is enough: which prefixes it covers is not judged here."""
    answer = place.asked_if_any("s3", "get_bucket_lifecycle_configuration", ("NoSuchLifecycleConfiguration",), Bucket=name)
    rules = [rule for rule in (answer or {}).get("Rules", []) if rule["Status"] == "Enabled"]
    return {
        "has_lifecycle": any(_deletes_or_moves(rule) for rule in rules),
        "aborts_incomplete_uploads": any("AbortIncompleteMultipartUpload" in rule for rule in rules),
        "expires_noncurrent_versions": any("NoncurrentVersionExpiration" in rule for rule in rules),
        "intelligent_tiering": any(_tiers(rule) for rule in rules),
    }


def _deletes_or_moves(rule: "LifecycleRuleOutputTypeDef") -> bool:
    expiration = rule.get("Expiration", {})
    expires = "Days" in expiration or "Date" in expiration
    return expires or any(key in rule for key in ("Transitions", "NoncurrentVersionExpiration", "NoncurrentVersionTransitions"))


def _tiers(rule: "LifecycleRuleOutputTypeDef") -> bool:
    moves: list[Mapping[str, Any]] = [*rule.get("Transitions", []), *rule.get("NoncurrentVersionTransitions", [])]
    return any(move.get("StorageClass") == _INTELLIGENT_TIERING for move in moves)


def _uploads(place: Place, name: str) -> dict[str, int | datetime | None]:
    """Uploads that were begun and neither completed nor given up: their parts are stored and paid for, and no listing shows them."""
    uploads = place.listed("s3", "list_multipart_uploads", "Uploads", Bucket=name)
    started: datetime | None = min((upload["Initiated"] for upload in uploads if upload.get("Initiated")), default=None)
    return {"incomplete_upload_started_at": started, "incomplete_upload_bytes": unless_refused(lambda: _part_bytes(place, name, uploads))}


def _part_bytes(place: Place, name: str, uploads: Sequence[Mapping[str, Any]]) -> int | None:
    if len(uploads) > _MEASURED_UPLOADS:
        return None
    parts = [
        part
        for upload in uploads
        for part in place.listed("s3", "list_parts", "Parts", Bucket=name, Key=upload["Key"], UploadId=upload["UploadId"])
    ]
    return sum(int(part["Size"]) for part in parts)


LISTERS = (Lister("s3", "bucket", _rows),)
