"""Series of the CloudWatch agent: memory and GPUs, which only an agent on the machine can report."""

from collections.abc import Iterator

from costsieve.sources.aws.cloudwatch_dimensions import known_dimensions
from costsieve.sources.aws.cloudwatch_series import Role, Series
from costsieve.sources.aws.inventory.ec2_instances import instances
from costsieve.sources.aws.inventory.place import Place

_NAMESPACE = "CWAgent"
_METRICS: tuple[tuple[str, str, Role], ...] = (
    ("mem_used_percent", "memory_percent", "value"),
    ("Memory % Committed Bytes In Use", "memory_percent", "value"),
    ("nvidia_smi_utilization_gpu", "gpu_percent", "value"),
    ("nvidia_smi_memory_used", "gpu_memory_percent", "used"),
    ("nvidia_smi_memory_total", "gpu_memory_percent", "whole"),
)
"""Names of the agent on Linux and Windows: Amazon CloudWatch User Guide, Metrics collected by the agent, and NVIDIA GPU metrics."""


def agent_series(place: Place) -> Iterator[Series]:
    """Give memory, and each GPU by its index; without the dimension InstanceId nobody knows whose they are."""
    instance_ids = {instance["InstanceId"] for instance in instances(place)}
    for name, metric, role in _METRICS:
        for _, dimensions in known_dimensions(place, _NAMESPACE, name):
            instance_id = dimensions.get("InstanceId")
            is_one_gpu = metric == "memory_percent" or "index" in dimensions
            if instance_id in instance_ids and is_one_gpu:
                label = dimensions.get("index", "")
                yield Series(
                    place.account.account_id, str(instance_id), metric, _NAMESPACE, name, tuple(dimensions.items()), label=label, role=role
                )
