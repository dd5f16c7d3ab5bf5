"""One CloudWatch metric with its dimensions, and how it is asked for. Which a resource has is in cloudwatch_metrics. No call is made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

QUERIES_PER_CALL = 500
"""Most queries that GetMetricData takes: Amazon CloudWatch API Reference, GetMetricData, MetricDataQueries."""

HOUR, DAY = 3600, 86_400
_COUNTS = {"network_bytes", "disk_operations", "disk_bytes", "invocations", "cpu_surplus_credits"}
"""Metrics that are added up over the period; all others are levels."""

type Role = Literal["value", "witness", "used", "whole"]


@dataclass(frozen=True, order=True)
class Series:
    """One CloudWatch metric, and the resource and normalised metric that it counts towards.

    Attributes:
        label: tells the series of one resource and metric apart: a GPU's index, a direction, a host.
        role: `value` for the metric itself. A `witness` is reported whenever the resource is watched: where it has samples and a
            counter has none, nothing was counted. `used` and `whole` make a percentage.
        scale: what the values are divided by: SageMaker gives 0..100 for each CPU and GPU, added up.
        period: seconds that one point stands for.
    """

    account_id: str
    resource_id: str
    metric: str
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    label: str = ""
    role: Role = "value"
    scale: float = 1.0
    period: int = HOUR

    @property
    def is_count(self) -> bool:
        """Whether the values are added up."""
        return self.metric in _COUNTS

    def statistics(self, *, percentiles: bool) -> tuple[str, ...]:
        """Return what is asked for. Up to five statistics of one metric cost as much as one: Amazon CloudWatch pricing, APIs."""
        if self.role == "witness":
            return ("SampleCount",)
        if self.is_count:
            return ("Sum", "SampleCount")
        levels = ("Average", "Maximum", "SampleCount")
        has_percentile = percentiles and self.role == "value" and self.metric.endswith("_percent") and self.period == HOUR
        return (*levels, "p95") if has_percentile else levels


@dataclass(frozen=True)
class Batch:
    """The series of one call, in the order of their query ids."""

    series: tuple[Series, ...]
    percentiles: bool

    def queries(self) -> "list[MetricDataQueryTypeDef]":
        """Return the queries of the call."""
        return [_query(number, each, statistic) for number, each, statistic in self.asked()]

    def asked(self) -> Iterator[tuple[int, Series, str]]:
        """Give number, series and statistic of every query."""
        for number, each in enumerate(self.series):
            for statistic in each.statistics(percentiles=self.percentiles):
                yield number, each, statistic


def batches(series: Iterable[Series], *, percentiles: bool, limit: int = QUERIES_PER_CALL) -> Iterator[Batch]:
    """Cut the series into calls of at most ``limit`` queries; what is combined into one metric of a resource stays in one call."""
    batch: list[Series] = []
    queries = 0
    for _, group in groupby(sorted(series), key=lambda each: (each.account_id, each.resource_id, each.metric)):
        together = list(group)
        needed = sum(len(each.statistics(percentiles=percentiles)) for each in together)
        if batch and queries + needed > limit:
            yield Batch(tuple(batch), percentiles)
            batch, queries = [], 0
        batch += together
        queries += needed
    if batch:
        yield Batch(tuple(batch), percentiles)


def query_id(number: int, statistic: str) -> str:
    """Return the id of one query: `q`, the number of its series in the batch, and the statistic."""
    return f"q{number}_{statistic}"


def _query(number: int, series: Series, statistic: str) -> "MetricDataQueryTypeDef":
    return {
        "Id": query_id(number, statistic),
        "MetricStat": {
            "Metric": {
                "Namespace": series.namespace,
                "MetricName": series.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in series.dimensions],
            },
            "Period": series.period,
            "Stat": statistic,
        },
    }
