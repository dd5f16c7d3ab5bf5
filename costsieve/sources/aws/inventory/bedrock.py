"""Provisioned throughput of Amazon Bedrock: model units that are paid for by the hour, asked or not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from costsieve.sources.aws.inventory.place import Place
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, snake, utc
from costsieve.sources.aws.inventory.tags import tags_by_arn, tags_for

if TYPE_CHECKING:
    from mypy_boto3_bedrock.type_defs import ProvisionedModelSummaryTypeDef


def _rows(place: Place) -> Sequence[Row]:
    throughputs = place.listed("bedrock", "list_provisioned_model_throughputs", "provisionedModelSummaries")
    tags = tags_by_arn(place, "bedrock") if throughputs else None
    return [_row(each) | {"tags": tags_for(tags, each["provisionedModelArn"])} for each in throughputs]


def _row(throughput: "ProvisionedModelSummaryTypeDef") -> Row:
    return {
        "resource_id": throughput["provisionedModelArn"],
        "resource_name": throughput["provisionedModelName"],
        "resource_type": "provisioned_throughput",
        "state": snake(throughput["status"]),
        "created_at": utc(throughput["creationTime"]),
        "attributes": attributes(model_units=throughput["modelUnits"], commitment_ends_at=throughput.get("commitmentExpirationTime")),
    }


LISTERS = (Lister("bedrock", "provisioned_throughput", _rows),)
