"""Cloud Asset Inventory and Cloud Monitoring on loopback, in the client libraries' own messages over gRPC. No test is here."""

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc  # type: ignore[import-untyped]  # grpcio ships no types
from google.api.metric_pb2 import MetricDescriptor  # type: ignore[import-untyped]  # googleapis-common-protos ships no types
from google.cloud import asset_v1, monitoring_v3

TAKEN_AT = datetime(2026, 9, 30, 23, 40, 12, tzinfo=UTC)
_ALIGNER = monitoring_v3.Aggregation.Aligner
_MERGED: dict[int, Callable[[list[float]], float]] = {
    _ALIGNER.ALIGN_MEAN: lambda values: sum(values) / len(values),
    _ALIGNER.ALIGN_MAX: max,
    _ALIGNER.ALIGN_DELTA: sum,
}


@dataclass(frozen=True)
class Series:
    """Samples of one series; ``samples`` are UTC times and values."""

    metric_type: str
    project: str
    resource: dict[str, str]
    samples: Sequence[tuple[datetime, float]]
    labels: dict[str, str] = field(default_factory=dict)


@dataclass
class Google:
    """What the server knows, refuses, and was asked.

    ``assets`` are full names with type, data and location by project; ``denied`` are projects, ``unknown_types`` asset types and
    ``failing`` metric types that it refuses; ``busy`` is how many calls it turns away before it answers.
    """

    assets: dict[str, list[tuple[str, str, str, dict[str, Any]]]] = field(default_factory=dict)
    series: list[Series] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    denied_assets: set[str] = field(default_factory=set)
    unknown_types: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    busy: int = 0
    page_size: int = 100_000
    project_numbers: dict[str, str] = field(default_factory=dict)
    points_twice: bool = False
    asked: list[str] = field(default_factory=list)
    endpoint: str = ""

    def list_assets(self, request: asset_v1.ListAssetsRequest, context: grpc.ServicerContext) -> asset_v1.ListAssetsResponse:
        """As assets.list: one bad type spoils the call, pages end with an empty token."""
        kind, _, scope = request.parent.partition("/")
        self.asked.append(f"assets {request.parent} {request.page_token}".strip())
        self._turn_away(context)
        if scope in self.denied | self.denied_assets:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, f"The caller does not have permission on {scope}")
        if bad := self.unknown_types.intersection(request.asset_types):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"Request contains an unsupported asset type: {min(bad)}")
        projects = [scope] if kind == "projects" else list(self.assets)
        found = [self._asset(project, *each) for project in projects for each in self._of(project) if each[1] in request.asset_types]
        start = int(request.page_token or 0)
        size = min(self.page_size, request.page_size)
        token = str(start + size) if start + size < len(found) else ""
        return asset_v1.ListAssetsResponse(read_time=TAKEN_AT, assets=found[start : start + size], next_page_token=token)

    def get_metric_descriptor(self, request: monitoring_v3.GetMetricDescriptorRequest, context: grpc.ServicerContext) -> MetricDescriptor:
        """As metricDescriptors.get: metrics that were never written are not found."""
        project, metric_type = request.name.removeprefix("projects/").split("/metricDescriptors/")
        self._turn_away(context)
        if project in self.denied:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, f"Permission monitoring.metricDescriptors.get denied on {project}")
        if not any(each.metric_type == metric_type for each in self.series):
            context.abort(grpc.StatusCode.NOT_FOUND, f"Could not find descriptor for metric '{metric_type}'.")
        kind = MetricDescriptor.DELTA if metric_type.endswith("_count") else MetricDescriptor.GAUGE
        return MetricDescriptor(type=metric_type, metric_kind=kind, unit=self.units.get(metric_type, "1"))

    def list_time_series(
        self, request: monitoring_v3.ListTimeSeriesRequest, context: grpc.ServicerContext
    ) -> monitoring_v3.ListTimeSeriesResponse:
        """As timeSeries.list: newest point first, stamped with the end of its period, pages cut anywhere between series."""
        conditions = dict(re.findall(r'([\w.]+) = "([^"]*)"', request.filter))
        metric_type, project = conditions["metric.type"], conditions["project"]
        self.asked.append(
            f"{project} {metric_type.split('.com/')[1]} {request.interval.start_time:%m-%d}..{request.interval.end_time:%m-%d}"
        )
        self._turn_away(context)
        if project in self.denied:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, f"Permission monitoring.timeSeries.list denied on {project}")
        if metric_type in self.failing:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "The request could not be understood")
        wanted = {key.removeprefix("metric.labels."): value for key, value in conditions.items() if key.startswith("metric.labels.")}
        found = [
            self._time_series(each, request)
            for each in self.series
            if (each.metric_type, each.project) == (metric_type, project) and wanted.items() <= each.labels.items()
        ]
        start = int(request.page_token or 0)
        token = str(start + self.page_size) if start + self.page_size < len(found) else ""
        shown = found[start : start + self.page_size]
        return monitoring_v3.ListTimeSeriesResponse(time_series=shown, next_page_token=token)

    def _of(self, project: str) -> list[tuple[str, str, str, dict[str, Any]]]:
        number = self.project_numbers.get(project, "1")
        data = {"projectId": project, "projectNumber": number}
        return [
            *self.assets.get(project, []),
            (f"//cloudresourcemanager.googleapis.com/projects/{number}", "cloudresourcemanager.googleapis.com/Project", "global", data),
        ]

    def _asset(self, project: str, name: str, asset_type: str, location: str, data: dict[str, Any]) -> asset_v1.Asset:
        ancestors = [f"projects/{self.project_numbers.get(project, '1')}", "organizations/77"]
        return asset_v1.Asset(
            name=name, asset_type=asset_type, ancestors=ancestors, resource=asset_v1.Resource(location=location, data=data)
        )

    def _turn_away(self, context: grpc.ServicerContext) -> None:
        if self.busy > 0:
            self.busy -= 1
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "Quota exceeded for quota metric 'Requests per minute'")

    def _time_series(self, series: Series, request: monitoring_v3.ListTimeSeriesRequest) -> monitoring_v3.TimeSeries:
        start, end = request.interval.start_time, request.interval.end_time
        merged = _MERGED[request.aggregation.per_series_aligner]
        periods: dict[datetime, list[float]] = {}
        for moment, value in series.samples:
            period_end = moment.replace(minute=0, second=0, microsecond=0, tzinfo=UTC) + timedelta(hours=1)
            # A machine whose clock runs ahead writes points that no interval asked for.
            if start < period_end <= end or moment.replace(tzinfo=UTC) > end:
                periods.setdefault(period_end, []).append(value)
        points = [
            monitoring_v3.Point(
                interval=monitoring_v3.TimeInterval(start_time=period_end, end_time=period_end),
                value=monitoring_v3.TypedValue(double_value=merged(values)),
            )
            for period_end, values in sorted(periods.items(), reverse=True)
            for _ in range(2 if self.points_twice else 1)
        ]
        return monitoring_v3.TimeSeries(
            metric={"type": series.metric_type, "labels": series.labels},
            resource={"type": "gce_instance", "labels": {"project_id": series.project, **series.resource}},
            points=points,
        )


@contextmanager
def serving(google: Google) -> Iterator[Google]:
    """Serve both APIs on one port of loopback, and stop when the test ends."""

    def unary(answer: Any, request_type: Any, response_type: Any) -> grpc.RpcMethodHandler:  # noqa: ANN401 - grpcio ships no types
        serialize = response_type.serialize if hasattr(response_type, "serialize") else response_type.SerializeToString
        return grpc.unary_unary_rpc_method_handler(answer, request_type.deserialize, serialize)

    assets = {"ListAssets": unary(google.list_assets, asset_v1.ListAssetsRequest, asset_v1.ListAssetsResponse)}
    metrics = {
        "ListTimeSeries": unary(google.list_time_series, monitoring_v3.ListTimeSeriesRequest, monitoring_v3.ListTimeSeriesResponse),
        "GetMetricDescriptor": unary(google.get_metric_descriptor, monitoring_v3.GetMetricDescriptorRequest, MetricDescriptor),
    }
    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers(
        [
            grpc.method_handlers_generic_handler("google.cloud.asset.v1.AssetService", assets),
            grpc.method_handlers_generic_handler("google.monitoring.v3.MetricService", metrics),
        ]
    )
    google.endpoint = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield google
    finally:
        server.stop(None).wait()
