"""ListTimeSeries until its last page, as hourly points. Which metrics are asked for is in monitoring_table; days and files are not known here."""

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

from costsieve.errors import SourceError
from costsieve.period import Window
from costsieve.sources.gcp.bigquery_errors import PATIENT, BackOff
from costsieve.sources.gcp.calls import Service, default_credentials, explained, plain_channel
from costsieve.sources.gcp.monitoring_table import PERCENT_PER_UNIT, Measured
from costsieve.sources.hourly import POINTS, no_points

CLOUD_MONITORING = Service("Cloud Monitoring", "monitoring.googleapis.com", "monitoring.timeSeries.list", "roles/monitoring.viewer")
_HOUR = timedelta(hours=1)
_SAMPLE_PERIOD = timedelta(minutes=1)
"""Of metrics whose descriptor does not state it."""

_POINTS_PER_PAGE = 100_000
"""Most points that ListTimeSeries returns in one page: Cloud Monitoring API reference, projects.timeSeries.list, pageSize."""

_GPU_IN_USE_PERCENT = 5.0
"""See gpus_in_use in contracts.usage.METRICS."""

_ALIGNER = monitoring_v3.Aggregation.Aligner
_log = logging.getLogger(__name__)

type ResourceIds = Callable[[str], str | None]
"""Turns what labels name into the id that joins to the bill; None where nobody knows it."""


@dataclass
class Monitoring:
    """A client that waits and asks again when Google throttles it. Descriptors are read once, as Google's are the same everywhere."""

    client: monitoring_v3.MetricServiceClient
    back_off: BackOff = PATIENT
    descriptors: dict[str, MetricDescriptor] = field(default_factory=dict)

    def points(self, project: str, measured: Measured, window: Window, ids: ResourceIds) -> pl.DataFrame:
        """Return the hourly points of one metric type with the columns of hourly.POINTS; a metric that no project writes has none.

        Raises PermissionMissing or SourceError, naming the project, and SourceError for a unit that nobody here knows.
        """
        descriptor = self._descriptor(project, measured.metric_type)
        if descriptor is None:
            return no_points()
        if measured.kind == "count":
            is_gauge = descriptor.metric_kind == MetricDescriptor.GAUGE
            answers = [self._aligned(project, measured, window, _ALIGNER.ALIGN_SUM if is_gauge else _ALIGNER.ALIGN_DELTA, "total", ids)]
        else:
            aligned = ((_ALIGNER.ALIGN_MEAN, "average"), (_ALIGNER.ALIGN_MAX, "maximum"))
            answers = [self._aligned(project, measured, window, aligner, column, ids) for aligner, column in aligned]
        key = ("account_id", "resource_id", "metric", "series", "share", "observed_at")
        points = pl.concat(answers).group_by(key).agg(pl.exclude(key).max())
        return _derived(_scaled(points, measured, descriptor), measured).select(POINTS)

    def _descriptor(self, project: str, metric_type: str) -> MetricDescriptor | None:
        if metric_type not in self.descriptors:
            name = f"projects/{project}/metricDescriptors/{metric_type}"
            with explained(CLOUD_MONITORING, project):
                try:
                    self.descriptors[metric_type] = self.client.get_metric_descriptor(name=name, retry=self.back_off.retry())
                except NotFound:
                    return None
        return self.descriptors[metric_type]

    def _aligned(
        self, project: str, measured: Measured, window: Window, aligner: int, column: str, ids: ResourceIds
    ) -> pl.DataFrame:
        request = _request(project, measured, window, aligner)
        with explained(CLOUD_MONITORING, project):
            pages = self.client.list_time_series(request, retry=self.back_off.retry(), timeout=self.back_off.deadline_seconds).pages
            rows = [row for page in pages for row in _rows(page, measured, ids)]
        schema = {"resource_id": pl.String, "series": pl.String, "share": pl.String, "observed_at": pl.Datetime("us"), "value": pl.Float64}
        values = {name: pl.lit(None, pl.Float64).alias(name) for name in ("average", "maximum", "p95", "total")}
        values[column] = pl.col("value").alias(column)
        told = (pl.lit(project).alias("account_id"), pl.lit(measured.metric).alias("metric"))
        return pl.DataFrame(rows, schema, orient="row").with_columns(*told, *values.values()).drop("value")


def metric_client(endpoint: str | None) -> monitoring_v3.MetricServiceClient:
    """Connect; an endpoint on this machine is spoken to in plain gRPC, without credentials."""
    if channel := plain_channel(endpoint):
        transport = MetricServiceGrpcTransport(channel=channel, credentials=AnonymousCredentials())  # type: ignore[no-untyped-call]  # google-auth ships no types for it
        return monitoring_v3.MetricServiceClient(transport=transport)
    options = {"api_endpoint": endpoint} if endpoint else None
    return monitoring_v3.MetricServiceClient(credentials=default_credentials(), client_options=options)


def _request(project: str, measured: Measured, window: Window, aligner: int) -> monitoring_v3.ListTimeSeriesRequest:
    """Ask for whole hours of this project alone: a metrics scope shows other projects' series as well."""
    conditions = [f'metric.type = "{measured.metric_type}"', f'project = "{project}"', measured.condition]
    return monitoring_v3.ListTimeSeriesRequest(
        name=f"projects/{project}",
        filter=" AND ".join(condition for condition in conditions if condition),
        interval=monitoring_v3.TimeInterval(start_time=_midnight(window.start), end_time=_midnight(window.end)),
        aggregation=monitoring_v3.Aggregation(alignment_period=_HOUR, per_series_aligner=aligner),
        view=monitoring_v3.ListTimeSeriesRequest.TimeSeriesView.FULL,
        page_size=_POINTS_PER_PAGE,
    )


def _rows(page: monitoring_v3.ListTimeSeriesResponse, measured: Measured, ids: ResourceIds) -> Iterator[tuple[Any, ...]]:
    """Return resource, series, share, hour and value of every point; a series whose resource nobody knows has none."""
    for series in monitoring_v3.ListTimeSeriesResponse.pb(page).time_series:
        labels = {**series.resource.labels, **series.metric.labels}
        resource_id = _resource_id(measured, labels, ids)
        if not resource_id:
            _log.info("%s: a series without a known resource was left out: %s", measured.metric_type, labels)
            continue
        named = {name: value for name, value in labels.items() if name != measured.share_of}
        key = f"{measured.metric_type} {json.dumps(named, sort_keys=True)}"
        for point in series.points:
            yield resource_id, key, labels.get(measured.share_of), _hour(point.interval.end_time), _value(point.value)


def _resource_id(measured: Measured, labels: Mapping[str, str], ids: ResourceIds) -> str | None:
    # Cloud SQL writes `project:instance` where the bill and the inventory have the instance alone.
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


def _scaled(points: pl.DataFrame, measured: Measured, descriptor: MetricDescriptor) -> pl.DataFrame:
    """Turn shares into per cent, as the descriptor states the unit, and say how many samples an hour has."""
    factor = 1.0
    if measured.metric.endswith("_percent") and not measured.share_of:
        if descriptor.unit not in PERCENT_PER_UNIT:
            message = (
                f"Cloud Monitoring states {measured.metric_type} in {descriptor.unit!r}, which is no known share or percentage: add the "
                "unit to costsieve/sources/gcp/monitoring_table.py. The metric was left out."
            )
            raise SourceError(message)
        factor = PERCENT_PER_UNIT[descriptor.unit]
    period = descriptor.metadata.sample_period.ToTimedelta() or _SAMPLE_PERIOD
    samples = max(1, int(_HOUR / period))
    return points.with_columns(pl.col("average", "maximum") * factor, sample_count=pl.lit(samples, pl.Int64))


def _derived(points: pl.DataFrame, measured: Measured) -> pl.DataFrame:
    if measured.share_of:
        return _shares(points, measured.share)
    if measured.counts_gpus:
        return pl.concat([points, _gpus_in_use(points)], how="diagonal")
    return points


def _shares(points: pl.DataFrame, share: str) -> pl.DataFrame:
    """Return the wanted value in per cent of all; where another value is missing, the whole is unknown."""
    whole = pl.col("average").sum()
    is_wanted = pl.col("share") == share
    wanted = [(100 * pl.col(name).filter(is_wanted).first() / whole).alias(name) for name in ("average", "maximum")]
    key = ("account_id", "resource_id", "metric", "series", "observed_at", "sample_count")
    known = points.group_by(key).agg(*wanted, values=pl.len())
    return known.filter(pl.col("values") > 1).with_columns(pl.lit(None, pl.Float64).alias(name) for name in ("p95", "total"))


def _gpus_in_use(points: pl.DataFrame) -> pl.DataFrame:
    """Count the GPUs of each machine that were in use at some moment of the hour."""
    in_use = (pl.col("maximum") >= _GPU_IN_USE_PERCENT).sum().cast(pl.Float64)
    counted = points.group_by("account_id", "resource_id", "observed_at").agg(in_use.alias("average"), pl.col("sample_count").max())
    return counted.with_columns(pl.lit("gpus_in_use").alias("metric"), pl.lit("all").alias("series"), pl.col("average").alias("maximum"))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
