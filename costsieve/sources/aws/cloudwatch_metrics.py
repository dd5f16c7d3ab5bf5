"""Which CloudWatch metrics tell how busy each kind of resource is, by the id that the bill has. Nothing is asked here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from costsieve.sources.aws.cloudwatch_series import DAY, Series

type Dimensions = tuple[tuple[str, str], ...]
type Named = tuple[tuple[str, str], ...]

_MACHINE: Named = (
    ("cpu_percent", "CPUUtilization"),
    ("network_bytes", "NetworkIn"),
    ("network_bytes", "NetworkOut"),
    ("disk_operations", "EBSReadOps"),
    ("disk_operations", "EBSWriteOps"),
    ("disk_bytes", "EBSReadBytes"),
    ("disk_bytes", "EBSWriteBytes"),
)
_VOLUME: Named = (
    ("disk_operations", "VolumeReadOps"),
    ("disk_operations", "VolumeWriteOps"),
    ("disk_bytes", "VolumeReadBytes"),
    ("disk_bytes", "VolumeWriteBytes"),
)
_DATABASE: Named = (("cpu_percent", "CPUUtilization"), ("connections", "DatabaseConnections"))
_NAT_GATEWAY: Named = (
    ("network_bytes", "BytesOutToDestination"),
    ("network_bytes", "BytesInFromDestination"),
    ("connections", "ActiveConnectionCount"),
)
_VPC_ENDPOINT: Named = (("network_bytes", "BytesProcessed"), ("connections", "ActiveConnections"))
_FLOWS: Named = (("network_bytes", "ProcessedBytes"), ("connections", "ActiveFlowCount"))
_LOAD_BALANCERS: Mapping[str, tuple[str, Named, str | None]] = {
    "application": ("AWS/ApplicationELB", (("invocations", "RequestCount"), ("network_bytes", "ProcessedBytes")), "ConsumedLCUs"),
    "network": ("AWS/NetworkELB", _FLOWS, "ActiveFlowCount"),
    "gateway": ("AWS/GatewayELB", _FLOWS, None),
    "classic": ("AWS/ELB", (("invocations", "RequestCount"), ("network_bytes", "EstimatedProcessedBytes")), "HealthyHostCount"),
}
"""Namespace, metrics, and what is reported without traffic too (Elastic Load Balancing guides, CloudWatch metrics, reporting criteria)."""

_UTILIZATION: Named = (
    ("cpu_percent", "CPUUtilization"),
    ("memory_percent", "MemoryUtilization"),
    ("gpu_percent", "GPUUtilization"),
    ("gpu_memory_percent", "GPUMemoryUtilization"),
)
_STORAGE_TYPES = (
    *("StandardStorage", "StandardIAStorage", "StandardIASizeOverhead", "StandardIAObjectOverhead", "OneZoneIAStorage"),
    *("OneZoneIASizeOverhead", "ReducedRedundancyStorage", "GlacierInstantRetrievalStorage", "GlacierIRSizeOverhead", "GlacierStorage"),
    *("GlacierStagingStorage", "GlacierObjectOverhead", "GlacierS3ObjectOverhead", "DeepArchiveStorage", "DeepArchiveObjectOverhead"),
    *("DeepArchiveS3ObjectOverhead", "DeepArchiveStagingStorage", "IntelligentTieringFAStorage", "IntelligentTieringIAStorage"),
    *("IntelligentTieringAAStorage", "IntelligentTieringAIAStorage", "IntelligentTieringDAAStorage"),
)
STORAGE_TYPES = frozenset(_STORAGE_TYPES)
"""Values of the dimension StorageType of BucketSizeBytes: Amazon S3 User Guide, Metrics and dimensions."""


@dataclass(frozen=True)
class Shape:
    """What SageMaker's sums are divided by."""

    vcpus: int
    gpus: int


def machine_series(account_id: str, instance_id: str, instance_type: str) -> Iterator[Series]:
    """CPU, traffic and disks, and the credits that burstable types (t2, t3, ...) are charged for."""
    dimensions = (("InstanceId", instance_id),)
    yield from _all(account_id, instance_id, "AWS/EC2", _MACHINE, dimensions)
    if instance_type.startswith("t"):
        yield Series(account_id, instance_id, "cpu_surplus_credits", "AWS/EC2", "CPUSurplusCreditsCharged", dimensions)


def volume_series(account_id: str, volume_id: str) -> Iterator[Series]:
    """Operations and bytes, which EBS reports while a volume is attached."""
    return _all(account_id, volume_id, "AWS/EBS", _VOLUME, (("VolumeId", volume_id),))


def database_series(account_id: str, arn: str, name: str) -> Iterator[Series]:
    """CPU and open connections of a database."""
    return _all(account_id, arn, "AWS/RDS", _DATABASE, (("DBInstanceIdentifier", name),))


def nat_gateway_series(account_id: str, gateway_id: str) -> Iterator[Series]:
    """Bytes to and from the other side, which are what is paid for, and connections."""
    return _all(account_id, gateway_id, "AWS/NATGateway", _NAT_GATEWAY, (("NatGatewayId", gateway_id),))


def vpc_endpoint_series(account_id: str, endpoint_id: str, dimensions: Dimensions) -> Iterator[Series]:
    """Bytes and connections; PrivateLink reports minutes with traffic only."""
    return _all(account_id, endpoint_id, "AWS/PrivateLinkEndpoints", _VPC_ENDPOINT, dimensions)


def load_balancer_series(account_id: str, arn: str, kind: str) -> Iterator[Series]:
    """Requests (application, classic), connections (network, gateway) and bytes, with a witness where there is one."""
    namespace, named, witness = _LOAD_BALANCERS[kind]
    tail = arn.partition("loadbalancer/")[2]
    dimensions = (("LoadBalancerName" if kind == "classic" else "LoadBalancer", tail),)
    yield from _all(account_id, arn, namespace, named, dimensions)
    if witness:
        for metric in ("invocations", "network_bytes"):
            if metric in dict(named):
                yield Series(account_id, arn, metric, namespace, witness, dimensions, role="witness")


def utilization_series(account_id: str, resource_id: str, namespace: str, dimensions: Dimensions, shape: Shape | None) -> Iterator[Series]:
    """How busy one host of a job or one variant of an endpoint is. CPU and GPUs are left out where it is not known how many there are."""
    divided_by = {"cpu_percent": shape.vcpus, "gpu_percent": shape.gpus, "gpu_memory_percent": shape.gpus} if shape else {}
    for metric, name in _UTILIZATION:
        scale = 1 if metric == "memory_percent" else divided_by.get(metric, 0)
        if scale:
            yield Series(account_id, resource_id, metric, namespace, name, dimensions, label=dimensions[-1][1], scale=float(scale))


def bucket_series(account_id: str, bucket: str, storage_type: str) -> Series:
    """Bytes of one storage type, or objects of all: one point a day."""
    dimensions = (("BucketName", bucket), ("StorageType", storage_type))
    metric, name = ("stored_bytes", "BucketSizeBytes") if storage_type in STORAGE_TYPES else ("stored_objects", "NumberOfObjects")
    return Series(account_id, bucket, metric, "AWS/S3", name, dimensions, label=storage_type, period=DAY)


def _all(account_id: str, resource_id: str, namespace: str, named: Named, dimensions: Dimensions) -> Iterator[Series]:
    for metric, name in named:
        yield Series(account_id, resource_id, metric, namespace, name, dimensions, label=name)
