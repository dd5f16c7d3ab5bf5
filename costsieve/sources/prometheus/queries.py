"""What is asked of Prometheus for each utilization metric, as PromQL. Adding a default is one line; nothing is asked here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from costsieve.contracts.usage import METRICS
from costsieve.errors import ConfigurationError
from costsieve.prometheus_settings import PrometheusQuery

_DISKS = 'device!~"dm-.*|loop.*|md.*|ram.*"'
"""Devices under other devices count their operations twice."""

_NETWORKS = 'device!~"lo|docker.*|veth.*|br-.*|cni.*|cali.*"'
"""Traffic that stays on the machine."""

_LEVELS = {
    "gpu_percent": "max by ({label}) (DCGM_FI_DEV_GPU_UTIL)",
    "gpu_memory_percent": "max by ({label}) (100 * DCGM_FI_DEV_FB_USED / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE))",
    "cpu_percent": '100 * (1 - avg by ({label}) (rate(node_cpu_seconds_total{{mode="idle"}}[5m])))',
    "memory_percent": "100 * (1 - max by ({label}) (node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes))",
}
_COUNTERS = {
    "network_bytes": (f"node_network_receive_bytes_total{{{_NETWORKS}}}", f"node_network_transmit_bytes_total{{{_NETWORKS}}}"),
    "disk_operations": (f"node_disk_reads_completed_total{{{_DISKS}}}", f"node_disk_writes_completed_total{{{_DISKS}}}"),
    "disk_bytes": (f"node_disk_read_bytes_total{{{_DISKS}}}", f"node_disk_written_bytes_total{{{_DISKS}}}"),
}
_GPUS_IN_USE = "sum by ({label}) (max_over_time(DCGM_FI_DEV_GPU_UTIL[1h]) >= bool 5)"
"""Names of DCGM's exporter (DCGM_FI_DEV_*; utilization in per cent, frame buffer in MiB) and of node_exporter 1.0 and later."""


@dataclass(frozen=True)
class Asked:
    """One metric: PromQL by the column of hourly.POINTS that it fills. ``series`` tells queries of one metric apart."""

    metric: str
    series: str
    columns: dict[str, str] = field(default_factory=dict)


def asked(label: str, configured: Sequence[PrometheusQuery]) -> tuple[Asked, ...]:
    """Return the configured queries, or those for DCGM and node_exporter; raises ConfigurationError for a metric nobody knows."""
    if not configured:
        levels = [_level(metric, expression.format(label=label)) for metric, expression in _LEVELS.items()]
        counts = [_count(metric, selector, label) for metric, selectors in _COUNTERS.items() for selector in selectors]
        return (*levels, _of_the_hour("gpus_in_use", _GPUS_IN_USE.format(label=label)), *counts)
    if unknown := sorted({query.metric for query in configured} - set(METRICS)):
        message = f"`queries` name metrics that do not exist: {', '.join(unknown)}. These do: {', '.join(METRICS)}."
        raise ConfigurationError(message)
    return tuple(_configured(query, label) for query in configured)


def _configured(query: PrometheusQuery, label: str) -> Asked:
    return _count(query.metric, query.counter, label) if query.counter else _level(query.metric, str(query.expression))


def _level(metric: str, expression: str) -> Asked:
    """Ask for the mean, the largest and the 95th percentile of the minutes of each hour."""
    minutes = f"({expression})[1h:1m]"
    columns = {
        "average": f"avg_over_time({minutes})",
        "maximum": f"max_over_time({minutes})",
        "p95": f"quantile_over_time(0.95, {minutes})",
        "sample_count": f"count_over_time({minutes})",
    }
    return Asked(metric, expression, columns)


def _of_the_hour(metric: str, expression: str) -> Asked:
    return Asked(metric, expression, {"average": expression})


def _count(metric: str, selector: str, label: str) -> Asked:
    """Ask how much the counters grew; a counter that began again at zero is made up for by `increase`."""
    total, samples = f"sum by ({label}) (increase({selector}[1h]))", f"max by ({label}) (count_over_time({selector}[1h]))"
    return Asked(metric, selector, {"total": total, "sample_count": samples})
