"""Answers in parts: moto always answers at once, so botocore's stubber gives what the API reference describes."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from costsieve.errors import SourceError
from costsieve.period import Window
from costsieve.sources.aws.cloudwatch_answers import points_of
from costsieve.sources.aws.cloudwatch_series import Series, query_id

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

DAY = Window(date(2026, 9, 30), date(2026, 10, 1))
READS = Series("100000000002", "vol-1", "disk_operations", "AWS/EBS", "VolumeReadOps", (("VolumeId", "vol-1"),))
SUM, SAMPLES = query_id(0, "Sum"), query_id(0, "SampleCount")


@pytest.fixture
def client() -> "CloudWatchClient":
    return boto3.client("cloudwatch", region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")  # noqa: S106 - no key


def _result(query: str, status: str, *hours: int) -> dict[str, Any]:
    timestamps = [datetime(2026, 9, 30, hour, tzinfo=UTC) for hour in hours]
    return {"Id": query, "StatusCode": status, "Timestamps": timestamps, "Values": [float(hour) for hour in hours]}


def test_the_pages_of_one_query_are_put_together(client: "CloudWatchClient") -> None:
    with Stubber(client) as aws:
        first = [_result(SUM, "PartialData", 1, 2), _result(SAMPLES, "Complete", 1, 2, 3)]
        aws.add_response("get_metric_data", {"MetricDataResults": first, "NextToken": "more"})
        aws.add_response("get_metric_data", {"MetricDataResults": [_result(SUM, "Complete", 3)]})
        points = points_of(client, [READS], DAY)
    assert sorted(points.select("statistic", "value").iter_rows()) == [
        ("SampleCount", 1.0),
        ("SampleCount", 2.0),
        ("SampleCount", 3.0),
        ("Sum", 1.0),
        ("Sum", 2.0),
        ("Sum", 3.0),
    ]


def test_only_what_was_left_unfinished_is_asked_again(client: "CloudWatchClient") -> None:
    with Stubber(client) as aws:
        first = [_result(SUM, "InternalError"), _result(SAMPLES, "Complete", 1)]
        aws.add_response("get_metric_data", {"MetricDataResults": first})
        aws.add_response("get_metric_data", {"MetricDataResults": [_result(SUM, "Complete", 1)]})
        assert points_of(client, [READS], DAY).height == 2
        aws.assert_no_pending_responses()


def test_an_answer_that_stays_partial_is_no_answer(client: "CloudWatchClient") -> None:
    with Stubber(client) as aws:
        aws.add_response("get_metric_data", {"MetricDataResults": [_result(SUM, "PartialData", 1), _result(SAMPLES, "Complete", 1)]})
        for _ in range(2):
            aws.add_response("get_metric_data", {"MetricDataResults": [_result(SUM, "PartialData", 1)]})
        with pytest.raises(
            SourceError, match=r"left 1 of 2 queries unfinished \(PartialData\), after 3 attempts\. Run the night again later"
        ):
            points_of(client, [READS], DAY)
