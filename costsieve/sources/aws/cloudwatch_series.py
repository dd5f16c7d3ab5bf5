"""Which CloudWatch series make which utilization metric, and how they are asked for and added up. No call is made here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import polars as pl

from costsieve.contracts.usage import UTILIZATION

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

QUERIES_PER_CALL = 500
"""Most queries that GetMetricData takes: Amazon CloudWatch API Reference, GetMetricData, MetricDataQueries."""

PERIOD_SECONDS = 3600
_STATISTICS = {"percent": ("Average", "Maximum", "SampleCount"), "count": ("Sum", "SampleCount")}
"""CloudWatch keeps no percentiles of most of these metrics, so none is asked for. Several statistics of one metric cost as much as one."""

POINTS: dict[str, Any] = {
    "account_id": pl.String,
    "resource_id": pl.String,
    "metric": pl.String,
    "statistic": pl.String,
    "observed_at": pl.Datetime("us"),
    "value": pl.Float64,
}
"""One value that CloudWatch gave: a statistic of a series in an hour, UTC."""


@dataclass(frozen=True, order=True)
class Series:
    """One CloudWatch metric with its dimensions, and the resource and normalised metric that it counts towards."""

    account_id: str
    resource_id: str
    metric: str
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]

    @property
    def statistics(self) -> tuple[str, ...]:
        """What is asked for: percentages are averaged, counts are added."""
        return _STATISTICS["percent" if self.metric.endswith("_percent") else "count"]


def machine_series(account_id: str, instance_id: str) -> Iterator[Series]:
    """CPU and traffic, which EC2 reports for every instance."""
    dimensions = (("InstanceId", instance_id),)
    yield Series(account_id, instance_id, "cpu_percent", "AWS/EC2", "CPUUtilization", dimensions)
    yield Series(account_id, instance_id, "network_bytes", "AWS/EC2", "NetworkIn", dimensions)
    yield Series(account_id, instance_id, "network_bytes", "AWS/EC2", "NetworkOut", dimensions)


def volume_series(account_id: str, volume_id: str) -> Iterator[Series]:
    """Read and write operations, which EBS reports while a volume is attached."""
    dimensions = (("VolumeId", volume_id),)
    yield Series(account_id, volume_id, "disk_operations", "AWS/EBS", "VolumeReadOps", dimensions)
    yield Series(account_id, volume_id, "disk_operations", "AWS/EBS", "VolumeWriteOps", dimensions)


def batches(series: Iterable[Series], limit: int = QUERIES_PER_CALL) -> Iterator[list[Series]]:
    """Cut the series into calls of at most ``limit`` queries; what is added up into one metric of a resource stays in one call."""
    batch: list[Series] = []
    queries = 0
    for _, group in groupby(sorted(series), key=lambda each: (each.account_id, each.resource_id, each.metric)):
        together = list(group)
        needed = sum(len(each.statistics) for each in together)
        if batch and queries + needed > limit:
            yield batch
            batch, queries = [], 0
        batch += together
        queries += needed
    if batch:
        yield batch


def query_id(number: int, statistic: str) -> str:
    """Return the id of one query: `q`, the number of its series in the batch, and the statistic."""
    return f"q{number}_{statistic}"


def queries_of(batch: Iterable[Series]) -> "list[MetricDataQueryTypeDef]":
    """Return the queries of one call."""
    return [
        {
            "Id": query_id(number, statistic),
            "MetricStat": {
                "Metric": {
                    "Namespace": each.namespace,
                    "MetricName": each.name,
                    "Dimensions": [{"Name": name, "Value": value} for name, value in each.dimensions],
                },
                "Period": PERIOD_SECONDS,
                "Stat": statistic,
            },
        }
        for number, each in enumerate(batch)
        for statistic in each.statistics
    ]


def utilization(points: pl.DataFrame) -> pl.DataFrame:
    """Add up the series of each resource and metric into rows of usage.resource_hour.

    ``points`` has the columns of POINTS. Counts are summed; of percentages (several GPUs) the busiest counts. The mean of a count is its
    sum over its samples, and as CloudWatch has no maximum of added series, the maximum is that mean.
    An hour that was not measured has no point, and so no row.
    """
    key = ("account_id", "resource_id", "metric", "observed_at")
    value = {name: pl.col("value").filter(pl.col("statistic") == name) for name in ("Average", "Maximum", "Sum", "SampleCount")}
    is_percent = pl.col("metric").str.ends_with("_percent")
    return (
        points.group_by(key)
        .agg(
            pl.lit("AWS").first().alias("provider"),
            value["Average"].max().alias("average"),
            value["Maximum"].max().alias("maximum"),
            value["Sum"].sum().alias("total"),
            value["SampleCount"].sum().cast(pl.Int64).alias("sample_count"),
        )
        .with_columns(pl.when(~is_percent).then(pl.col("total")).alias("total"))
        .with_columns(pl.when(is_percent).then(pl.col("average")).otherwise(pl.col("total") / pl.col("sample_count")).alias("average"))
        .with_columns(pl.col("maximum").fill_null(pl.col("average")))
        .select(UTILIZATION.column_names)
        .sort("resource_id", "metric", "observed_at")
    )
