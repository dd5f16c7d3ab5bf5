"""SageMaker feature groups with an online store, which costs while nobody reads it. Offline stores are files in S3 and listed there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from costsieve.sources.aws.inventory.place import VANISHED, Place
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, snake, utc
from costsieve.sources.aws.inventory.tags import tags_by_arn, tags_for

if TYPE_CHECKING:
    from mypy_boto3_sagemaker.type_defs import DescribeFeatureGroupResponseTypeDef


def _rows(place: Place) -> Sequence[Row]:
    names = [each["FeatureGroupName"] for each in place.listed("sagemaker", "list_feature_groups", "FeatureGroupSummaries")]
    tags = tags_by_arn(place, "sagemaker")
    groups = [place.asked_if_any("sagemaker", "describe_feature_group", VANISHED, FeatureGroupName=name) for name in names]
    return [_row(each) | {"tags": tags_for(tags, each["FeatureGroupArn"])} for each in groups if each]


def _row(group: "DescribeFeatureGroupResponseTypeDef") -> Row:
    mode = group.get("ThroughputConfig", {}).get("ThroughputMode")
    return {
        "resource_id": group["FeatureGroupArn"].lower(),
        "resource_name": group["FeatureGroupName"],
        "resource_type": "feature_store",
        "state": snake(group.get("FeatureGroupStatus", "unknown")),
        "created_at": utc(group["CreationTime"]),
        "attributes": attributes(
            is_serverless=None if mode is None else mode == "OnDemand",
            stored_bytes=group.get("OnlineStoreTotalSizeBytes"),
        ),
    }


LISTERS = (Lister("sagemaker", "feature_store", _rows),)
