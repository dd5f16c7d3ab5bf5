"""Hourly utilization from one Prometheus server, a day at a time. How it is asked is in prometheus.api, what for in prometheus.queries."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import polars as pl

from costsieve.errors import PermissionMissing, SourceError
from costsieve.period import Window, look_back
from costsieve.source_settings import PrometheusSource
from costsieve.sources.gaps import Gap, Unfinished, reason_of
from costsieve.sources.hourly import POINTS, hourly, no_points
from costsieve.sources.prometheus.api import Prometheus, connect, midnight
from costsieve.sources.prometheus.queries import Asked, asked
from costsieve.sources.source import Delivery

_FINAL = "final"
_DAYS_PER_QUERY = 7
"""Days that one query asks for: servers refuse queries that load too many samples at once."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Answer:
    """What the server said of one metric over some days: rows of usage.resource_hour, or why there are none."""

    window: Window
    hours: pl.DataFrame | SourceError


@dataclass
class PrometheusMetrics:
    """Utilization of the machines of one account. One delivery per complete day; a metric that is not answered is a gap."""

    settings: PrometheusSource
    first_seconds: float = 1.0
    _until: date | None = field(default=None, init=False)
    _answers: dict[str, _Answer] = field(default_factory=dict, init=False, repr=False)
    _gaps: list[Gap] = field(default_factory=list, init=False)
    _asked: dict[str, list[Asked]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Group the queries by metric, as a metric is answered whole or not at all; raises ConfigurationError for unknown metrics."""
        for query in asked(self.settings.resource_label, self.settings.queries):
            self._asked.setdefault(query.metric, []).append(query)

    @property
    def name(self) -> str:
        """Name in costsieve.yaml."""
        return self.settings.name

    @property
    def source_type(self) -> str:
        """Folder in the lake."""
        return "utilization"

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """Offer every day of the look-back; all of them are complete, so none ever changes. Nothing is asked yet."""
        self._until = as_of
        window = look_back(as_of, self.settings.look_back_days)
        days = [window.start + timedelta(days=number) for number in range(window.days)]
        return [Delivery(day.isoformat(), _FINAL, (self.settings.url,)) for day in days]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Write the metrics of one day; raises what was said first when the server answered none of them."""
        metrics = tuple(self._asked)
        self._write(delivery, metrics, (), folder)
        if len(self._gaps) == len(metrics):
            first = self._gaps[0]
            raise (PermissionMissing if first.reason == "no_permission" else SourceError)(first.message)

    def complete(self, delivery: Delivery, unfinished: Unfinished, folder: Path) -> None:
        """Ask only for the metrics that the unfinished version lacks."""
        missing = tuple(dict.fromkeys(gap.subject for gap in unfinished.gaps if gap.subject in self._asked))
        self._write(delivery, missing, unfinished.files, folder)

    def gaps(self, _: Delivery) -> Sequence[Gap]:
        """Return the metrics that the last delivery lacks."""
        return self._gaps

    @cached_property
    def _server(self) -> Prometheus:
        return connect(self.settings.url, self.settings.token_variable, self.first_seconds)

    def _write(self, delivery: Delivery, metrics: Sequence[str | None], earlier: Sequence[Path], folder: Path) -> None:
        self._gaps = []
        day = date.fromisoformat(delivery.period)
        is_of_day = pl.col("observed_at").is_between(midnight(day), midnight(day + timedelta(days=1)), closed="left")
        found = [pl.read_parquet(path) for path in earlier]
        for metric in metrics:
            hours = self._answered(str(metric), day)
            if isinstance(hours, pl.DataFrame):
                found.append(hours.filter(is_of_day))
            else:
                account = self.settings.account_id
                self._gaps.append(Gap(self.settings.provider, account, None, None, metric, reason_of(hours), str(hours)))
        rows = pl.concat(found, how="vertical_relaxed") if found else pl.DataFrame()
        if not rows.is_empty():
            rows.write_parquet(folder / f"prometheus-{day}.parquet")

    def _answered(self, metric: str, day: date) -> pl.DataFrame | SourceError:
        """Ask for a day and those after it; the landing writes days in order, so the answer serves them as well."""
        answer = self._answers.get(metric)
        if answer is None or not answer.window.start <= day < answer.window.end:
            until = min(max(self._until or day, day + timedelta(days=1)), day + timedelta(days=_DAYS_PER_QUERY))
            answer = self._answers[metric] = _Answer(window := Window(day, until), self._over(metric, window))
        return answer.hours

    def _over(self, metric: str, window: Window) -> pl.DataFrame | SourceError:
        try:
            rows = [row for query in self._asked[metric] for row in self._rows(query, window)]
        except SourceError as error:
            return error
        points = pl.concat([no_points(), pl.DataFrame(rows, POINTS, orient="row")])
        key = ("account_id", "resource_id", "metric", "series", "observed_at")
        merged = points.group_by(key).agg(pl.exclude(key).max()).select(*POINTS).with_columns(pl.col("sample_count").fill_null(1))
        return hourly(merged, self.settings.provider, window)

    def _rows(self, query: Asked, window: Window) -> Iterator[tuple[object, ...]]:
        """Return one row per value, with the column that its query fills; series without the resource's label are of nobody."""
        label, account = self.settings.resource_label, self.settings.account_id
        for column, expression in query.columns.items():
            for point in self._server.hourly(expression, window):
                labels = dict(point.labels)
                resource_id = labels.pop(label, "")
                if not resource_id:
                    _log.warning("%s: a series of %s has no label %s and was left out", self.name, query.metric, label)
                    continue
                value = int(point.value) if column == "sample_count" else point.value
                values = [value if name == column else None for name in ("average", "maximum", "p95", "total", "sample_count")]
                yield account, resource_id, query.metric, f"{query.series} {sorted(labels.items())}", point.observed_at, *values
