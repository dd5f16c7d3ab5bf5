"""Hourly utilization from Cloud Monitoring, a day at a time. How it is asked for is in monitoring_answers, what for in monitoring_table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import quote

import polars as pl

from costsieve.errors import PermissionMissing, SourceError
from costsieve.period import Window, look_back
from costsieve.source_settings import GcpMonitoringSource
from costsieve.sources.gaps import Gap, Unfinished, reason_of
from costsieve.sources.gcp.bigquery_errors import PATIENT, BackOff
from costsieve.sources.gcp.monitoring_answers import Monitoring, Question, metric_client
from costsieve.sources.gcp.monitoring_ids import looked_up_ids
from costsieve.sources.gcp.monitoring_table import subjects
from costsieve.sources.hourly import hourly, no_points
from costsieve.sources.source import Delivery

_FINAL = "final"
_DAYS_PER_CALL = 7
"""Days that one call asks for: Google charges by series and call, while what was answered waits in memory until its day is written."""


@dataclass(frozen=True)
class _Answer:
    """What one project said of one subject over some days: rows of usage.resource_hour, or why there are none."""

    window: Window
    hours: pl.DataFrame | SourceError


@dataclass
class GcpMonitoring:
    """Utilization of what some projects run. One delivery per complete day, with one file per project.

    A refusal is a gap: of a project, of one metric, or of the disks, whose ids the inventory must tell. The next
    night asks for what is missing, and for nothing else. A project that is added later is known from its first night on.
    """

    settings: GcpMonitoringSource
    back_off: BackOff = PATIENT
    _until: date | None = field(default=None, init=False)
    _answers: dict[tuple[str, str], _Answer] = field(default_factory=dict, init=False, repr=False)
    _ids: dict[str, Mapping[str, str] | SourceError] = field(default_factory=dict, init=False, repr=False)
    _gaps: list[Gap] = field(default_factory=list, init=False)

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
        return [Delivery(day.isoformat(), _FINAL, tuple(f"Cloud Monitoring of {each}" for each in self.settings.projects)) for day in days]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Write one file per project that was measured; raises the first refusal when no project answered at all."""
        wanted = dict.fromkeys(self.settings.projects, tuple(subjects()))
        self._write(delivery, wanted, (), folder)
        refused = {gap.account_id for gap in self._gaps if gap.subject is None}
        if refused == set(self.settings.projects):
            first = self._gaps[0]
            raise (PermissionMissing if first.reason == "no_permission" else SourceError)(first.message)

    def complete(self, delivery: Delivery, unfinished: Unfinished, folder: Path) -> None:
        """Ask only for what the unfinished version lacks, and write it beside what that has."""
        wanted: dict[str, tuple[str, ...]] = {}
        for gap in unfinished.gaps:
            if gap.account_id in self.settings.projects:
                missing = [subject for subject in subjects() if gap.subject in (None, subject)]
                wanted[gap.account_id] = (*wanted.get(gap.account_id, ()), *missing)
        self._write(delivery, wanted, unfinished.files, folder)

    def gaps(self, _: Delivery) -> Sequence[Gap]:
        """Return what the last delivery lacks: whole projects (subject None), metrics, or block_volume."""
        return self._gaps

    def _write(self, delivery: Delivery, wanted: Mapping[str, Sequence[str]], earlier: Sequence[Path], folder: Path) -> None:
        self._gaps = []
        day = date.fromisoformat(delivery.period)
        known = {path.name: pl.read_parquet(path) for path in earlier}
        with metric_client(self.settings.endpoint) as client:
            monitoring = Monitoring(client, self.back_off)
            for project, of_subjects in wanted.items():
                name = f"gcp-{quote(project, safe='')}-{day}.parquet"
                hours = [known.pop(name, no_hours()), *self._of_project(monitoring, project, of_subjects, day)]
                known[name] = pl.concat(hours, how="vertical_relaxed")
        for name, hours_of_day in known.items():
            if not hours_of_day.is_empty():
                hours_of_day.write_parquet(folder / name)

    def _of_project(self, monitoring: Monitoring, project: str, of_subjects: Iterable[str], day: date) -> list[pl.DataFrame]:
        """Return the hours of one day. A project that refuses one metric for want of permission would refuse all."""
        midnight = datetime.combine(day, time())
        is_of_day = pl.col("observed_at").is_between(midnight, midnight + timedelta(days=1), closed="left")
        found = []
        for subject in of_subjects:
            hours = self._answered(monitoring, project, subject, day)
            if isinstance(hours, pl.DataFrame):
                found.append(hours.filter(is_of_day))
            elif isinstance(hours, PermissionMissing) and not _is_looked_up(subject):
                self._gaps = [*(gap for gap in self._gaps if gap.account_id != project), _gap(project, None, hours)]
                return []
            else:
                self._gaps.append(_gap(project, subject, hours))
        return found

    def _answered(self, monitoring: Monitoring, project: str, subject: str, day: date) -> pl.DataFrame | SourceError:
        """Ask for a day and those after it; the landing writes days in order, so the answer serves them as well."""
        answer = self._answers.get((project, subject))
        if answer is None or not answer.window.start <= day < answer.window.end:
            until = min(max(self._until or day, day + timedelta(days=1)), day + timedelta(days=_DAYS_PER_CALL))
            answer = _Answer(window := Window(day, until), self._asked(monitoring, project, subject, window))
            self._answers[project, subject] = answer
        return answer.hours

    def _asked(self, monitoring: Monitoring, project: str, subject: str, window: Window) -> pl.DataFrame | SourceError:
        try:
            ids = self._looked_up(project) if _is_looked_up(subject) else {}
            points = [monitoring.points(Question(project, each, window, ids.get)) for each in subjects()[subject]]
        except SourceError as error:
            return error
        return hourly(pl.concat([no_points(), *points]), "GCP", window)

    def _looked_up(self, project: str) -> Mapping[str, str]:
        if project not in self._ids:
            try:
                self._ids[project] = looked_up_ids(self.settings.asset_endpoint, project, self.back_off)
            except SourceError as error:
                self._ids[project] = error
        ids = self._ids[project]
        if isinstance(ids, SourceError):
            raise ids
        return ids


def no_hours() -> pl.DataFrame:
    """Return rows of usage.resource_hour of nothing."""
    return hourly(no_points(), "GCP", Window(date.min, date.max))


def _is_looked_up(subject: str) -> bool:
    return any(each.of for each in subjects()[subject])


def _gap(project: str, subject: str | None, error: SourceError) -> Gap:
    return Gap("GCP", project, None, None, subject, reason_of(error), str(error))
