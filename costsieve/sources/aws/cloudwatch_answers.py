"""GetMetricData until every query is answered completely. What is asked, and what the values mean, is in cloudwatch_series."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import polars as pl

from costsieve.errors import SourceError
from costsieve.period import Window
from costsieve.sources.aws.cloudwatch_points import Answer, points
from costsieve.sources.aws.cloudwatch_series import Batch

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

_ATTEMPTS = 3
_COMPLETE = "Complete"


def points_of(client: "CloudWatchClient", batch: Batch, window: Window) -> pl.DataFrame:
    """Return the points of the series in the window, with the columns of `hourly.POINTS`; hours without data have none.

    Queries that CloudWatch answers in part, or with an internal error, are asked again; SourceError if that does not help.
    """
    unanswered = batch.queries()
    answers: dict[str, Answer] = {}
    for _ in range(_ATTEMPTS):
        answers |= _asked(client, unanswered, window)
        unanswered = [query for query in unanswered if answers[query["Id"]].status != _COMPLETE]
        if not unanswered:
            return points(batch, answers)
    statuses = ", ".join(sorted({answers[query["Id"]].status for query in unanswered}))
    message = (
        f"CloudWatch left {len(unanswered)} of {len(answers)} queries unfinished ({statuses}), after {_ATTEMPTS} attempts. "
        "None of their values were loaded, as half a day would look idle. The next night asks again."
    )
    raise SourceError(message)


def _asked(client: "CloudWatchClient", queries: "Sequence[MetricDataQueryTypeDef]", window: Window) -> dict[str, Answer]:
    """Ask one call to its last page. A query may be spread over pages."""
    answers = {query["Id"]: Answer() for query in queries}
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


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
