"""Whether the credentials may list what inventory and metrics of GCP need, scope by scope. One asset and one header at most are read."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

from google.api_core.exceptions import NotFound
from google.cloud import asset_v1, monitoring_v3

from costsieve.diagnosis.observation import Observation, tried
from costsieve.errors import SourceError
from costsieve.source_settings import GcpInventorySource, GcpMonitoringSource
from costsieve.sources.gcp.bigquery_errors import BRISK, BackOff
from costsieve.sources.gcp.calls import explained
from costsieve.sources.gcp.inventory.assets import CLOUD_ASSET, PROJECT, asset_client
from costsieve.sources.gcp.monitoring_answers import CLOUD_MONITORING, metric_client
from costsieve.sources.permissions import permissions_of

_METRIC = "compute.googleapis.com/instance/cpu/utilization"


def inventory_observations(entry: GcpInventorySource, back_off: BackOff = BRISK) -> Iterator[Observation]:
    """Try to list every scope."""
    for scope in entry.scopes:
        yield _listing(entry.name, entry.type, entry.endpoint, scope, back_off)


def monitoring_observations(entry: GcpMonitoringSource, back_off: BackOff = BRISK) -> Iterator[Observation]:
    """Try to read metrics and their descriptors in every project, and to list what tells the ids of disks and NAT gateways."""
    try:
        client = metric_client(entry.endpoint)
    except SourceError as error:
        yield Observation(entry.name, entry.type, "credentials", "failed", str(error))
        return
    with client:
        for project in entry.projects:
            for permission, ask in (("timeSeries.list", _one_series), ("metricDescriptors.get", _one_descriptor)):
                point = f"monitoring.{permission} on {project}"
                yield tried(entry.name, entry.type, point, partial(ask, client, project, back_off))
    for project in entry.projects:
        yield _listing(entry.name, entry.type, entry.asset_endpoint, f"projects/{project}", back_off)


def _listing(source: str, source_type: str, endpoint: str | None, scope: str, back_off: BackOff) -> Observation:
    permission = next(p for p in permissions_of(source_type) if p.permission == CLOUD_ASSET.permission)
    point = f"{CLOUD_ASSET.permission} on {scope}"
    return tried(source, source_type, point, lambda: _one_asset(endpoint, scope, back_off), without=permission.without)


def _one_asset(endpoint: str | None, scope: str, back_off: BackOff) -> None:
    request = asset_v1.ListAssetsRequest(parent=scope, asset_types=[PROJECT], content_type=asset_v1.ContentType.RESOURCE, page_size=1)
    with asset_client(endpoint) as client, explained(CLOUD_ASSET, scope):
        client.list_assets(request, retry=back_off.retry(), timeout=back_off.deadline_seconds)


def _one_series(client: monitoring_v3.MetricServiceClient, project: str, back_off: BackOff) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    request = monitoring_v3.ListTimeSeriesRequest(
        name=f"projects/{project}",
        filter=f'metric.type = "{_METRIC}" AND project = "{project}"',
        interval=monitoring_v3.TimeInterval(start_time=now - timedelta(hours=1), end_time=now),
        view=monitoring_v3.ListTimeSeriesRequest.TimeSeriesView.HEADERS,
        page_size=1,
    )
    with explained(CLOUD_MONITORING, project):
        client.list_time_series(request, retry=back_off.retry(), timeout=back_off.deadline_seconds)


def _one_descriptor(client: monitoring_v3.MetricServiceClient, project: str, back_off: BackOff) -> None:
    """Read a descriptor; that nobody wrote this metric yet is an answer too."""
    with explained(CLOUD_MONITORING, project), suppress(NotFound):
        name = f"projects/{project}/metricDescriptors/{_METRIC}"
        client.get_metric_descriptor(name=name, retry=back_off.retry(), timeout=back_off.deadline_seconds)
