"""ListTimeSeries until its last page. What is asked for is in monitoring_table, what becomes of the answers in monitoring_points."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import polars as pl
from google.api.metric_pb2 import MetricDescriptor  # type: ignore[import-untyped]  # googleapis-common-protos ships no types
from google.api_core.exceptions import NotFound
from google.auth.credentials import AnonymousCredentials
from google.cloud import monitoring_v3
from google.cloud.monitoring_v3.services.metric_service.transports import MetricServiceGrpcTransport

from costsieve.period import Window
from costsieve.sources.gcp.bigquery_errors import PATIENT, BackOff
from costsieve.sources.gcp.calls import Service, default_credentials, explained, plain_channel
from costsieve.sources.gcp.monitoring_points import as_points
from costsieve.sources.gcp.monitoring_table import Measured
from costsieve.sources.hourly import no_points

CLOUD_MONITORING = Service("Cloud Monitoring", "monitoring.googleapis.com", "monitoring.timeSeries.list", "roles/monitoring.viewer")
_HOUR = timedelta(hours=1)
_POINTS_PER_PAGE = 100_000
"""Most points that ListTimeSeries returns in one page: Cloud Monitoring API reference, projects.timeSeries.list, pageSize."""

_ANSWERED: dict[str, Any] = {
    "resource_id": pl.String,
    "series": pl.String,
    "share": pl.String,
    "observed_at": pl.Datetime("us"),
    "value": pl.Float64,
}
_ALIGNER = monitoring_v3.Aggregation.Aligner
_log = logging.getLogger(__name__)

type ResourceIds = Callable[[str], str | None]
"""Turns what labels name into the id that joins to the bill; None where nobody knows it."""


@dataclass(frozen=True)
class Question:
    """One metric type of one project over some days; ``ids`` looks up what the labels do not tell."""

    project: str
    measured: Measured
    window: Window
    ids: ResourceIds


@dataclass
class Monitoring:
    """A client that waits and asks again when Google throttles it. Descriptors are read once, as Google's are the same everywhere."""

    client: monitoring_v3.MetricServiceClient
    back_off: BackOff = PATIENT
    descriptors: dict[str, MetricDescriptor] = field(default_factory=dict)

    def points(self, question: Question) -> pl.DataFrame:
        """Return the hourly points of one metric type with the columns of hourly.POINTS; a metric that no project writes has none.

        Raises PermissionMissing or SourceError, naming the project, and SourceError for a unit that nobody here knows.
        """
        measured = question.measured
        descriptor = self._descriptor(question.project, measured.metric_type)
        if descriptor is None:
            return no_points()
        answers = [self._aligned(question, aligner, column) for aligner, column in _aligners(measured, descriptor)]
        key = ("account_id", "resource_id", "metric", "series", "share", "observed_at")
        points = pl.concat(answers).group_by(key).agg(pl.exclude(key).max())
        return as_points(points, measured, descriptor)

    def _descriptor(self, project: str, metric_type: str) -> MetricDescriptor | None:
        if metric_type not in self.descriptors:
            name = f"projects/{project}/metricDescriptors/{metric_type}"
            with explained(CLOUD_MONITORING, project):
                try:
                    self.descriptors[metric_type] = self.client.get_metric_descriptor(name=name, retry=self.back_off.retry())
                except NotFound:
                    return None
        return self.descriptors[metric_type]

    def _aligned(self, question: Question, aligner: int, column: str) -> pl.DataFrame:
        request = _request(question, aligner)
        with explained(CLOUD_MONITORING, question.project):
            pages = self.client.list_time_series(request, retry=self.back_off.retry(), timeout=self.back_off.deadline_seconds).pages
            rows = [row for page in pages for row in _rows(page, question)]
        values = {name: pl.lit(None, pl.Float64).alias(name) for name in ("average", "maximum", "p95", "total")}
        values[column] = pl.col("value").alias(column)
        told = (pl.lit(question.project).alias("account_id"), pl.lit(question.measured.metric).alias("metric"))
        return pl.DataFrame(rows, _ANSWERED, orient="row").with_columns(*told, *values.values()).drop("value")


def _aligners(measured: Measured, descriptor: MetricDescriptor) -> tuple[tuple[int, str], ...]:
    """Return what makes hours of the samples, and the column that each fills. There is none for percentiles of plain numbers."""
    if measured.kind == "level":
        return (_ALIGNER.ALIGN_MEAN, "average"), (_ALIGNER.ALIGN_MAX, "maximum")
    is_gauge = descriptor.metric_kind == MetricDescriptor.GAUGE
    return ((_ALIGNER.ALIGN_SUM if is_gauge else _ALIGNER.ALIGN_DELTA, "total"),)


def metric_client(endpoint: str | None) -> monitoring_v3.MetricServiceClient:
    """Connect; an endpoint on this machine is spoken to in plain gRPC, without credentials."""
    if channel := plain_channel(endpoint):
        transport = MetricServiceGrpcTransport(channel=channel, credentials=AnonymousCredentials())  # type: ignore[no-untyped-call]  # google-auth ships no types for it
        return monitoring_v3.MetricServiceClient(transport=transport)
    options = {"api_endpoint": endpoint} if endpoint else None
    return monitoring_v3.MetricServiceClient(credentials=default_credentials(), client_options=options)


def _request(question: Question, aligner: int) -> monitoring_v3.ListTimeSeriesRequest:
    """Ask for whole hours of this project alone: a metrics scope shows other projects' series as well."""
    measured, window = question.measured, question.window
    conditions = [f'metric.type = "{measured.metric_type}"', f'project = "{question.project}"', measured.condition]
    return monitoring_v3.ListTimeSeriesRequest(
        name=f"projects/{question.project}",
        filter=" AND ".join(condition for condition in conditions if condition),
        interval=monitoring_v3.TimeInterval(start_time=_midnight(window.start), end_time=_midnight(window.end)),
        aggregation=monitoring_v3.Aggregation(alignment_period=_HOUR, per_series_aligner=aligner),
        view=monitoring_v3.ListTimeSeriesRequest.TimeSeriesView.FULL,
        page_size=_POINTS_PER_PAGE,
    )


def _rows(page: monitoring_v3.ListTimeSeriesResponse, question: Question) -> Iterator[tuple[Any, ...]]:
    """Return resource, series, share, hour and value of every point; a series whose resource nobody knows has none."""
    measured = question.measured
    for series in monitoring_v3.ListTimeSeriesResponse.pb(page).time_series:
        labels = {**series.resource.labels, **series.metric.labels}
        resource_id = _resource_id(measured, {"project_id": question.project, **labels}, question.ids)
        if not resource_id:
            _log.info("%s: a series without a known resource was left out: %s", measured.metric_type, labels)
            continue
        named = {name: value for name, value in labels.items() if name != measured.share_of}
        key = f"{measured.metric_type} {json.dumps(named, sort_keys=True)}"
        for point in series.points:
            yield resource_id, key, labels.get(measured.share_of), _hour(point.interval.end_time), _value(point.value)


def _resource_id(measured: Measured, labels: Mapping[str, str], ids: ResourceIds) -> str | None:
    # Cloud SQL writes `project:instance` in the label.
    known = {name: value.rpartition(":")[2] if name == "database_id" else value for name, value in labels.items() if value}
    try:
        named = measured.resource_id.format_map(known)
    except KeyError:
        return None
    return ids(named) if measured.of else named


def _hour(end: Any) -> datetime:  # noqa: ANN401 - protobuf's Timestamp ships no types
    """Return the hour that an aligned point is of: Google stamps it with the hour's end."""
    last = end.ToDatetime() - timedelta(microseconds=1)
    return datetime.combine(last.date(), time(last.hour))


def _value(value: Any) -> float | None:  # noqa: ANN401 - as above
    kind = value.WhichOneof("value")
    return float(getattr(value, kind)) if kind in ("double_value", "int64_value") else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
