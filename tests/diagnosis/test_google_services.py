"""Doctor on GCP and Prometheus sources: reachable or not, and permission by permission, against servers that speak the real protocols."""

from collections.abc import Iterator

import pytest

from costsieve.diagnosis.google_services import inventory_observations, monitoring_observations
from costsieve.diagnosis.observation import Observation
from costsieve.diagnosis.prometheus_server import prometheus_observations
from costsieve.source_settings import GcpInventorySource, GcpMonitoringSource, PrometheusSource
from costsieve.sources.permissions import permissions_of
from tests.sources.gcp.google_server import Google
from tests.sources.gcp.google_server import serving as serving_google
from tests.sources.prometheus.prometheus_server import serving as serving_prometheus


@pytest.fixture
def google() -> Iterator[Google]:
    with serving_google(Google()) as google:
        yield google


def states(observations: Iterator[Observation]) -> dict[str, str]:
    return {each.point: each.state for each in observations}


def metrics(google: Google) -> Iterator[Observation]:
    projects = ("ml-prod", "ml-research")
    return monitoring_observations(
        GcpMonitoringSource(name="m", type="gcp_monitoring", projects=projects, endpoint=google.endpoint, asset_endpoint=google.endpoint)
    )


def test_each_scope_is_tried(google: Google) -> None:
    google.denied = {"ml-research"}
    entry = GcpInventorySource(name="i", type="gcp_inventory", projects=("ml-prod", "ml-research"), endpoint=google.endpoint)

    assert states(inventory_observations(entry)) == {
        "cloudasset.assets.listResource on projects/ml-prod": "ok",
        "cloudasset.assets.listResource on projects/ml-research": "failed",
    }


def test_each_permission_of_metrics_is_tried_in_each_project(google: Google) -> None:
    google.denied = {"ml-research"}

    assert states(metrics(google)) == {
        "monitoring.timeSeries.list on ml-prod": "ok",
        "monitoring.metricDescriptors.get on ml-prod": "ok",
        "monitoring.timeSeries.list on ml-research": "failed",
        "monitoring.metricDescriptors.get on ml-research": "failed",
        "cloudasset.assets.listResource on projects/ml-prod": "ok",
        "cloudasset.assets.listResource on projects/ml-research": "warning",
    }


def test_every_declared_permission_is_tried(google: Google) -> None:
    tried = {point.split(" ")[0] for point in states(metrics(google))}

    assert tried == {permission.permission for permission in permissions_of("gcp_monitoring")}


def test_what_is_lost_without_the_inventory_is_said(google: Google) -> None:
    google.denied_assets = {"ml-prod"}

    (refused,) = [each for each in metrics(google) if each.state == "warning"]

    assert refused.finding.endswith("Without it: disks have no utilization.")


def test_a_prometheus_that_answers_is_told_from_one_that_does_not() -> None:
    with serving_prometheus() as server:
        entry = PrometheusSource(name="p", type="prometheus", url=server.url, provider="GCP", account_id="ml-prod")
        assert states(prometheus_observations(entry)) == {"query": "ok"}

        server.spoiled = {"": (401, "unauthorized")}
        assert states(prometheus_observations(entry)) == {"query": "failed"}
