"""Which Cloud Monitoring metrics make which utilization metric of which resource. Adding one is one line; nothing is asked here.

Metric types, resources and labels: Google Cloud metrics reference (metrics_gcp_*) and monitored resource types. Units are no part of
the table: they are read from the metric descriptors.
"""

from dataclasses import dataclass
from typing import Literal

type Kind = Literal["level", "count"]


@dataclass(frozen=True)
class Measured:
    """One metric type.

    ``resource_id`` is made of the labels of the series. A level is averaged, a count added up. ``share_of`` is a metric label: what
    is wanted is its value ``share`` in per cent of all its values (used memory of used and free). ``of`` is set where the id must be
    looked up in the inventory: metrics of disks name machine and device.
    """

    metric_type: str
    metric: str
    resource_id: str
    kind: Kind = "level"
    condition: str = ""
    share_of: str = ""
    share: str = ""
    of: Literal["block_volume", ""] = ""
    counts_gpus: bool = False

    @property
    def subject(self) -> str:
        """What is missing when it is not answered: the metric, or the kind of resource whose id must be looked up."""
        return self.of or self.metric


_VM, _DISK, _ROUTER = "{instance_id}", "{instance_id}/{device_name}", "{router_id}"
_ENDPOINT, _INDEX, _JOB = "endpoints/{endpoint_id}", "indexEndpoints/{index_endpoint_id}", "customJobs/{job_id}"
_SQL = "//cloudsql.googleapis.com/projects/{project_id}/instances/{database_id}"
_BUCKET, _RULE = "{bucket_name}", "forwardingRules/{forwarding_rule_name}"

MEASURED = (
    # Machines, as the hypervisor sees them
    Measured("compute.googleapis.com/instance/cpu/utilization", "cpu_percent", _VM),
    Measured("compute.googleapis.com/instance/network/received_bytes_count", "network_bytes", _VM, "count"),
    Measured("compute.googleapis.com/instance/network/sent_bytes_count", "network_bytes", _VM, "count"),
    Measured("compute.googleapis.com/instance/disk/read_ops_count", "disk_operations", _VM, "count"),
    Measured("compute.googleapis.com/instance/disk/write_ops_count", "disk_operations", _VM, "count"),
    Measured("compute.googleapis.com/instance/disk/read_bytes_count", "disk_bytes", _VM, "count"),
    Measured("compute.googleapis.com/instance/disk/write_bytes_count", "disk_bytes", _VM, "count"),
    # Machines, as the Ops Agent sees them from inside
    Measured("agent.googleapis.com/memory/percent_used", "memory_percent", _VM, condition='metric.labels.state = "used"'),
    Measured("agent.googleapis.com/gpu/utilization", "gpu_percent", _VM, counts_gpus=True),
    Measured("agent.googleapis.com/gpu/memory/bytes_used", "gpu_memory_percent", _VM, share_of="memory_state", share="used"),
    # Disks
    Measured("compute.googleapis.com/instance/disk/read_ops_count", "disk_operations", _DISK, "count", of="block_volume"),
    Measured("compute.googleapis.com/instance/disk/write_ops_count", "disk_operations", _DISK, "count", of="block_volume"),
    Measured("compute.googleapis.com/instance/disk/read_bytes_count", "disk_bytes", _DISK, "count", of="block_volume"),
    Measured("compute.googleapis.com/instance/disk/write_bytes_count", "disk_bytes", _DISK, "count", of="block_volume"),
    # Vertex AI
    Measured("aiplatform.googleapis.com/prediction/online/prediction_count", "invocations", _ENDPOINT, "count"),
    Measured("aiplatform.googleapis.com/prediction/online/cpu/utilization", "cpu_percent", _ENDPOINT),
    Measured("aiplatform.googleapis.com/prediction/online/accelerator/duty_cycle", "gpu_percent", _ENDPOINT),
    Measured("aiplatform.googleapis.com/matching_engine/query/request_count", "invocations", _INDEX, "count"),
    Measured(
        *("aiplatform.googleapis.com/featureonlinestore/online_serving/request_count", "invocations"),
        *("featureOnlineStores/{feature_online_store_id}", "count"),
    ),
    Measured(
        "aiplatform.googleapis.com/featurestore/online_serving/request_count", "invocations", "featurestores/{featurestore_id}", "count"
    ),
    Measured("ml.googleapis.com/training/cpu/utilization", "cpu_percent", _JOB),
    Measured("ml.googleapis.com/training/memory/utilization", "memory_percent", _JOB),
    Measured("ml.googleapis.com/training/accelerator/utilization", "gpu_percent", _JOB),
    # TPUs: of newer ones Google names the worker only, whose number joins where it is the machine's
    Measured("tpu.googleapis.com/accelerator/duty_cycle", "gpu_percent", "{worker_id}"),
    Measured("tpu.googleapis.com/tpu/mxu/utilization", "gpu_percent", "{node_id}"),
    # Storage
    Measured("storage.googleapis.com/storage/v2/total_bytes", "stored_bytes", _BUCKET),
    Measured("storage.googleapis.com/storage/v2/total_count", "stored_objects", _BUCKET),
    Measured("storage.googleapis.com/api/request_count", "invocations", _BUCKET, "count"),
    # Networks
    Measured("router.googleapis.com/nat/sent_bytes_count", "network_bytes", _ROUTER, "count"),
    Measured("router.googleapis.com/nat/received_bytes_count", "network_bytes", _ROUTER, "count"),
    Measured("router.googleapis.com/nat/open_connections", "connections", _ROUTER),
    Measured("loadbalancing.googleapis.com/https/request_count", "invocations", _RULE, "count"),
    Measured("loadbalancing.googleapis.com/https/external/regional/request_count", "invocations", _RULE, "count"),
    Measured("loadbalancing.googleapis.com/https/internal/request_count", "invocations", _RULE, "count"),
    Measured("loadbalancing.googleapis.com/l3/external/ingress_bytes_count", "network_bytes", _RULE, "count"),
    Measured("loadbalancing.googleapis.com/l3/external/egress_bytes_count", "network_bytes", _RULE, "count"),
    Measured("loadbalancing.googleapis.com/l3/internal/ingress_bytes_count", "network_bytes", _RULE, "count"),
    Measured("loadbalancing.googleapis.com/l3/internal/egress_bytes_count", "network_bytes", _RULE, "count"),
    # Cloud SQL: PostgreSQL counts connections by database, the others by instance
    Measured("cloudsql.googleapis.com/database/cpu/utilization", "cpu_percent", _SQL),
    Measured("cloudsql.googleapis.com/database/memory/utilization", "memory_percent", _SQL),
    Measured("cloudsql.googleapis.com/database/disk/read_ops_count", "disk_operations", _SQL, "count"),
    Measured("cloudsql.googleapis.com/database/disk/write_ops_count", "disk_operations", _SQL, "count"),
    Measured("cloudsql.googleapis.com/database/network/connections", "connections", _SQL),
    Measured("cloudsql.googleapis.com/database/postgresql/num_backends", "connections", _SQL),
)

PERCENT_PER_UNIT = {"10^2.%": 100.0, "1": 100.0, "%": 1.0}
"""Per cent in one unit of a metric descriptor (UCUM): ``10^2.%`` and ``1`` are shares of 0..1, ``%`` is 0..100."""


def subjects() -> dict[str, tuple[Measured, ...]]:
    """Return what is asked for together, as it is complete or missing together: a metric, or the metrics of what must be looked up."""
    return {subject: tuple(each for each in MEASURED if each.subject == subject) for subject in dict.fromkeys(e.subject for e in MEASURED)}
