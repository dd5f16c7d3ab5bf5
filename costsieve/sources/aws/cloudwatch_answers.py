"""GetMetricData until every query is answered completely. What is asked, and what the values mean, is in cloudwatch_series."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import polars as pl

from costsieve.errors import SourceError
from costsieve.period import Window
from costsieve.sources.aws.cloudwatch_series import POINTS, Series, queries_of, query_id

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

_ATTEMPTS = 3
_COMPLETE = "Complete"


@dataclass
class _Answer:
    """The points of one query, gathered over pages; the status of its last page tells whether that is all."""

    status: str = "unanswered"
    observed_at: list[datetime] = field(default_factory=list)
    values: list[float] = field(default_factory=list)


def points_of(client: "CloudWatchClient", batch: Sequence[Series], window: Window) -> pl.DataFrame:
    """Return the points of the series in the window, with the columns of POINTS; hours without data have none.

    Queries that CloudWatch answers in part, or with an internal error, are asked again; SourceError if that does not help.
    """
    unanswered = queries_of(batch)
    answers: dict[str, _Answer] = {}
    for _ in range(_ATTEMPTS):
        answers |= _asked(client, unanswered, window)
        unanswered = [query for query in unanswered if answers[query["Id"]].status != _COMPLETE]
        if not unanswered:
            return _frame(batch, answers)
    statuses = ", ".join(sorted({answers[query["Id"]].status for query in unanswered}))
    message = (
        f"CloudWatch left {len(unanswered)} of {len(answers)} queries unfinished ({statuses}), after {_ATTEMPTS} attempts. "
        "Run the night again later; nothing of these days was loaded, as half a day would look idle."
    )
    raise SourceError(message)


def _asked(client: "CloudWatchClient", queries: "Sequence[MetricDataQueryTypeDef]", window: Window) -> dict[str, _Answer]:
    """Ask one call to its last page. A query may be spread over pages."""
    answers = {query["Id"]: _Answer() for query in queries}
    pages = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=queries, StartTime=_midnight(window.start), EndTime=_midnight(window.end), ScanBy="TimestampAscending"
    )
    for page in pages:
        for result in page["MetricDataResults"]:
            answer = answers[result["Id"]]
            answer.status = result["StatusCode"]
            answer.observed_at += result["Timestamps"]
            answer.values += result["Values"]
    return answers


def _frame(batch: Sequence[Series], answers: Mapping[str, _Answer]) -> pl.DataFrame:
    asked = [
        (series, statistic, answers[query_id(number, statistic)]) for number, series in enumerate(batch) for statistic in series.statistics
    ]
    frames = [
        pl.DataFrame({"observed_at": answer.observed_at, "value": answer.values}, schema_overrides={"value": pl.Float64})
        .with_columns(
            pl.lit(series.account_id).alias("account_id"),
            pl.lit(series.resource_id).alias("resource_id"),
            pl.lit(series.metric).alias("metric"),
            pl.lit(statistic).alias("statistic"),
            pl.col("observed_at").dt.convert_time_zone("UTC").dt.replace_time_zone(None),
        )
        .select(list(POINTS))
        for series, statistic, answer in asked
        if answer.values
    ]
    return pl.concat([pl.DataFrame(schema=POINTS), *frames])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
