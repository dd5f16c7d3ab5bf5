"""What to ask CloudWatch for in one account and region: the series of everything that is listed there. Values are not asked for here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from costsieve.sources.aws.cloudwatch_agent import agent_series
from costsieve.sources.aws.cloudwatch_dimensions import known_dimensions
from costsieve.sources.aws.cloudwatch_metrics import (
    STORAGE_TYPES,
    bucket_series,
    database_series,
    load_balancer_series,
    machine_series,
    nat_gateway_series,
    volume_series,
    vpc_endpoint_series,
)
from costsieve.sources.aws.cloudwatch_sagemaker import endpoint_series, processing_series, training_series, transform_series
from costsieve.sources.aws.cloudwatch_series import Series
from costsieve.sources.aws.inventory.ec2_instances import instances
from costsieve.sources.aws.inventory.ec2_network import nat_gateways, vpc_endpoints
from costsieve.sources.aws.inventory.ec2_storage import volumes
from costsieve.sources.aws.inventory.load_balancers import classic_arn, classic_load_balancers, load_balancers
from costsieve.sources.aws.inventory.place import Place, unless_refused
from costsieve.sources.aws.inventory.rds import databases
from costsieve.sources.aws.inventory.s3 import buckets


@dataclass(frozen=True)
class Finder:
    """Finds series; ``subjects`` are the kinds of resources or the metrics that are missing where it is refused."""

    subjects: tuple[str, ...]
    find: Callable[[Place], Iterable[Series]]


def _machines(place: Place) -> Iterator[Series]:
    for each in instances(place):
        yield from machine_series(place.account.account_id, each["InstanceId"], each["InstanceType"])


def _volumes(place: Place) -> Iterator[Series]:
    for each in volumes(place):
        yield from volume_series(place.account.account_id, each["VolumeId"])


def _databases(place: Place) -> Iterator[Series]:
    for each in databases(place):
        yield from database_series(place.account.account_id, each["DBInstanceArn"], each["DBInstanceIdentifier"])


def _nat_gateways(place: Place) -> Iterator[Series]:
    for each in nat_gateways(place):
        yield from nat_gateway_series(place.account.account_id, each["NatGatewayId"])


def _vpc_endpoints(place: Place) -> Iterator[Series]:
    """Gateway endpoints cost nothing and report nothing."""
    for each in vpc_endpoints(place):
        if each["VpcEndpointType"] != "Gateway":
            dimensions = (
                ("Endpoint Type", str(each["VpcEndpointType"])),
                ("Service Name", each["ServiceName"]),
                ("VPC Endpoint Id", each["VpcEndpointId"]),
                ("VPC Id", each["VpcId"]),
            )
            yield from vpc_endpoint_series(place.account.account_id, each["VpcEndpointId"], dimensions)


def _load_balancers(place: Place) -> Iterator[Series]:
    for each in load_balancers(place):
        yield from load_balancer_series(place.account.account_id, each["LoadBalancerArn"], each["Type"])
    for classic in classic_load_balancers(place):
        yield from load_balancer_series(place.account.account_id, classic_arn(place, classic["LoadBalancerName"]), "classic")


def _buckets(place: Place) -> Iterator[Series]:
    """Size and objects of every bucket that has reported them, and requests where request metrics are switched on for all of it."""
    names = {bucket["Name"] for bucket in buckets(place)}
    account_id = place.account.account_id
    for name, dimensions in [*known_dimensions(place, "AWS/S3", "BucketSizeBytes"), *known_dimensions(place, "AWS/S3", "NumberOfObjects")]:
        kind = dimensions.get("StorageType", "")
        if dimensions.get("BucketName") in names and (kind in STORAGE_TYPES or name == "NumberOfObjects"):
            yield bucket_series(account_id, dimensions["BucketName"], kind)
    for name, dimensions in known_dimensions(place, "AWS/S3", "AllRequests"):
        bucket = dimensions.get("BucketName", "")
        if bucket in names and dimensions.get("FilterId") in (unless_refused(partial(_whole, place, bucket)) or ()):
            yield Series(account_id, bucket, "invocations", "AWS/S3", name, tuple(dimensions.items()), label=dimensions["FilterId"])


def _whole(place: Place, bucket: str) -> list[str]:
    """Return the first configuration of request metrics that covers a whole bucket: one of a prefix does not prove that nobody reads."""
    answer: Any = place.asked("s3", "list_bucket_metrics_configurations", Bucket=bucket)
    return [each["Id"] for each in answer.get("MetricsConfigurationList", []) if "Filter" not in each][:1]


FINDERS: tuple[Finder, ...] = (
    Finder(("virtual_machine",), _machines),
    Finder(("memory_percent", "gpu_percent", "gpu_memory_percent", "gpus_in_use"), agent_series),
    Finder(("block_volume",), _volumes),
    Finder(("database",), _databases),
    Finder(("nat_gateway",), _nat_gateways),
    Finder(("vpc_endpoint",), _vpc_endpoints),
    Finder(("load_balancer",), _load_balancers),
    Finder(("bucket",), _buckets),
    Finder(("inference_endpoint",), endpoint_series),
    Finder(("training_job",), training_series),
    Finder(("processing_job",), processing_series),
    Finder(("transform_job",), transform_series),
)
