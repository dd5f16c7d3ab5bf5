"""Hourly utilization from CloudWatch GetMetricData. Which series make which metric is in costsieve.sources.aws.cloudwatch_series."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import polars as pl

from costsieve.contracts.usage import UTILIZATION
from costsieve.period import Window, look_back
from costsieve.source_settings import CloudWatchSource
from costsieve.sources.aws import inventory as aws_inventory
from costsieve.sources.aws.cloudwatch_answers import points_of
from costsieve.sources.aws.cloudwatch_series import POINTS, Series, batches, machine_series, utilization, volume_series
from costsieve.sources.aws.sessions import AwsAccount, accounts, explained
from costsieve.sources.source import Delivery

_USD_PER_METRIC = 0.01 / 1000
"""GetMetricData, per metric requested: Amazon CloudWatch pricing, APIs, us-east-1."""

_FINAL = "final"
_AGENT_METRICS = {"mem_used_percent": "memory_percent", "nvidia_smi_utilization_gpu": "gpu_percent"}
_log = logging.getLogger(__name__)


@dataclass
class CloudWatch:
    """Utilization of the instances and volumes that EC2 lists now, and of SageMaker endpoints. One delivery per complete day.

    A day is asked for once: a region or role that is added later is known from its first night on.
    """

    settings: CloudWatchSource
    _until: date | None = field(default=None, init=False)
    _fetched: tuple[Window, pl.DataFrame] | None = field(default=None, init=False, repr=False)

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
        return [Delivery(day.isoformat(), _FINAL, tuple(f"CloudWatch in {region}" for region in self.settings.regions)) for day in days]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Write one day, asking for it and all later days at once if that has not been done; a day without data gets no file.

        Raises PermissionMissing naming permission, region and role, and SourceError when CloudWatch does not complete its answers.
        """
        day = date.fromisoformat(delivery.period)
        midnight = datetime.combine(day, time())
        of_day = self._hours_from(day).filter(pl.col("observed_at").is_between(midnight, midnight + timedelta(days=1), closed="left"))
        if not of_day.is_empty():
            of_day.cast(pl.Schema(UTILIZATION.polars_schema())).write_parquet(folder / f"cloudwatch-{day}.parquet")

    def _hours_from(self, day: date) -> pl.DataFrame:
        """Return hours that include those of ``day``. The landing writes days in order, so the first one it misses opens the window."""
        if self._fetched is None or not self._fetched[0].start <= day < self._fetched[0].end:
            window = Window(day, max(self._until or day, day + timedelta(days=1)))
            self._fetched = window, pl.concat([_compact(utilization(pl.DataFrame(schema=POINTS))), *self._fetch(window)])
        return self._fetched[1]

    def _fetch(self, window: Window) -> Iterator[pl.DataFrame]:
        for account in accounts(self.settings.roles):
            for region in self.settings.regions:
                series = set(series_of(account, region))  # ListMetrics may name a metric on two pages
                _log.info(
                    "%s: asking CloudWatch in %s for %d metrics over %d days with %s: about %.2f USD",
                    *(self.name, region, len(series), window.days, account.shown_as, len(series) * _USD_PER_METRIC),
                )
                client = account.cloudwatch(region)
                for batch in batches(series):
                    with explained("cloudwatch", region, account.shown_as):
                        points = points_of(client, batch, window)
                    yield _compact(utilization(points))


def series_of(account: AwsAccount, region: str) -> Iterator[Series]:
    """Return what to ask for in one region: EC2 and EBS by their ids, agent and SageMaker metrics as ListMetrics knows them."""
    instance_ids = {instance["InstanceId"] for instance in aws_inventory.instances(account, region).items}
    for instance_id in instance_ids:
        yield from machine_series(account.account_id, instance_id)
    for volume in aws_inventory.volumes(account, region):
        yield from volume_series(account.account_id, volume["VolumeId"])
    yield from _agent_series(account, region, instance_ids)
    yield from _endpoint_series(account, region)


def _agent_series(account: AwsAccount, region: str, instance_ids: set[str]) -> Iterator[Series]:
    """Memory and GPUs, which only an agent on the machine reports; without the dimension InstanceId nobody knows whose they are."""
    for name, metric in _AGENT_METRICS.items():
        for dimensions in _known_dimensions(account, region, "CWAgent", name):
            if (instance_id := dict(dimensions).get("InstanceId")) in instance_ids:
                yield Series(account.account_id, str(instance_id), metric, "CWAgent", name, dimensions)


def _endpoint_series(account: AwsAccount, region: str) -> Iterator[Series]:
    """Invocations of every variant of every endpoint. The bill names endpoints by ARN, which SageMaker writes in lower case."""
    for dimensions in _known_dimensions(account, region, "AWS/SageMaker", "Invocations"):
        named = dict(dimensions)
        if set(named) == {"EndpointName", "VariantName"}:
            resource_id = f"endpoint/{named['EndpointName'].lower()}"
            yield Series(account.account_id, resource_id, "invocations", "AWS/SageMaker", "Invocations", dimensions)


def _known_dimensions(account: AwsAccount, region: str, namespace: str, name: str) -> list[tuple[tuple[str, str], ...]]:
    """Return the dimensions under which a metric exists; ListMetrics forgets what had no point for two weeks."""
    with explained("cloudwatch", region, account.shown_as):
        pages = account.cloudwatch(region).get_paginator("list_metrics").paginate(Namespace=namespace, MetricName=name)
        metrics = [metric for page in pages for metric in page["Metrics"]]
    return [tuple((dimension["Name"], dimension["Value"]) for dimension in metric["Dimensions"]) for metric in metrics]


def _compact(hours: pl.DataFrame) -> pl.DataFrame:
    """Hold repeated texts once: weeks of a large estate stay in memory until the last day is written."""
    return hours.with_columns(pl.col(pl.String).cast(pl.Categorical))
