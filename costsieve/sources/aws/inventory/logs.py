"""CloudWatch Logs groups: what they store, and for how long."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from costsieve.sources.aws.inventory.place import Place
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, utc
from costsieve.sources.aws.inventory.tags import tags_by_arn, tags_for

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import LogGroupTypeDef


def _rows(place: Place) -> Sequence[Row]:
    groups = place.listed("logs", "describe_log_groups", "logGroups")
    tags = tags_by_arn(place, "logs:log-group")
    return [_row(group) | {"tags": tags_for(tags, _arn(group))} for group in groups]


def _row(group: "LogGroupTypeDef") -> Row:
    created = datetime.fromtimestamp(group["creationTime"] / 1000, UTC)
    return {
        "resource_id": _arn(group),
        "resource_name": group["logGroupName"],
        "resource_type": "log_group",
        "created_at": utc(created),
        "attributes": attributes(
            stored_bytes=group.get("storedBytes"),
            retention_days=group.get("retentionInDays", "never"),
            log_group_class=group.get("logGroupClass"),
        ),
    }


def _arn(group: "LogGroupTypeDef") -> str:
    """Return the ARN as the bill writes it, without the `:*` that stands for all streams of the group."""
    return group.get("logGroupArn") or group["arn"].removesuffix(":*")


LISTERS = (Lister("logs", "log_group", _rows),)
