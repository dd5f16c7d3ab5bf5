"""Questions to the Cloud Monitoring server of the tests, and what became of its answers. No test is here."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from costsieve.source_settings import GcpMonitoringSource
from costsieve.sources.gcp.bigquery_errors import BackOff
from costsieve.sources.gcp.monitoring import GcpMonitoring
from costsieve.usage.lake_views import create_lake_views
from costsieve.warehouse import Warehouse
from tests.sources.gcp.google_server import Google

AS_OF = date(2026, 10, 1)
NIGHT = datetime(2026, 10, 1, 3, tzinfo=UTC)
TEN = datetime(2026, 9, 30, 10)  # noqa: DTZ001 - UTC without a zone, as in every table
AT_ONCE = BackOff(first_seconds=0.001, longest_seconds=0.002, deadline_seconds=5)
CPU = "compute.googleapis.com/instance/cpu/utilization"
SENT = "compute.googleapis.com/instance/network/sent_bytes_count"
RECEIVED = "compute.googleapis.com/instance/network/received_bytes_count"
READS = "compute.googleapis.com/instance/disk/read_ops_count"
GPU = "agent.googleapis.com/gpu/utilization"
GPU_MEMORY = "agent.googleapis.com/gpu/memory/bytes_used"
MEMORY = "agent.googleapis.com/memory/percent_used"
BYTES = "storage.googleapis.com/storage/v2/total_bytes"
VM = {"instance_id": "4111111111111111111", "zone": "us-central1-a"}
COMPUTE = "//compute.googleapis.com/projects/ml-prod"
LINKS = "https://www.googleapis.com/compute/v1/projects/ml-prod"


def minutes(values: Sequence[float], start: datetime = TEN) -> list[tuple[datetime, float]]:
    return [(start + timedelta(minutes=number), value) for number, value in enumerate(values)]


def source(google: Google, look_back_days: int = 1, projects: tuple[str, ...] = ("ml-prod",)) -> GcpMonitoring:
    settings = GcpMonitoringSource(
        name="gcp-metrics",
        type="gcp_monitoring",
        projects=projects,
        look_back_days=look_back_days,
        endpoint=google.endpoint,
        asset_endpoint=google.endpoint,
    )
    return GcpMonitoring(settings, AT_ONCE)


def hours(warehouse: Warehouse, metric: str, columns: str = "resource_id, observed_at, average, maximum") -> list[tuple[object, ...]]:
    with warehouse.transaction() as connection:
        create_lake_views(connection, warehouse.home)
    return warehouse.query(f"SELECT {columns} FROM usage.resource_hour WHERE metric = $metric ORDER BY ALL", {"metric": metric}).rows()


def gaps(warehouse: Warehouse) -> list[tuple[object, ...]]:
    """Return what current versions lack."""
    return warehouse.query(
        "SELECT gap.account_id, gap.subject, gap.reason FROM meta.collection_gaps AS gap JOIN meta.loads USING (source, period, version)"
        " WHERE is_current ORDER BY ALL"
    ).rows()
