"""Answers in parts: moto always answers at once, so botocore's stubber gives what the API reference describes."""

import math
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import boto3
import polars as pl
import pytest
from botocore.stub import Stubber

from costsieve.errors import SourceError
from costsieve.period import Window
from costsieve.sources.aws.cloudwatch_answers import points_of
from costsieve.sources.aws.cloudwatch_series import Batch, Series, query_id
from costsieve.sources.hourly import hourly

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

DAY = Window(date(2026, 9, 30), date(2026, 10, 1))
READS = Series("100000000002", "vol-1", "disk_operations", "AWS/EBS", "VolumeReadOps", (("VolumeId", "vol-1"),))
SUM, SAMPLES = query_id(0, "Sum"), query_id(0, "SampleCount")


@pytest.fixture
def client() -> "CloudWatchClient":
    return boto3.client("cloudwatch", region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")  # noqa: S106 - no key


CPU = Series("100000000002", "i-1", "cpu_percent", "AWS/EC2", "CPUUtilization", (("InstanceId", "i-1"),))


def _result(query: str, status: str, *hours: int) -> dict[str, Any]:
    timestamps = [datetime(2026, 9, 30, hour, tzinfo=UTC) for hour in hours]
    return {"Id": query, "StatusCode": status, "Timestamps": timestamps, "Values": [float(hour) for hour in hours]}


def test_the_pages_of_one_query_are_put_together(client: "CloudWatchClient") -> None:
    with Stubber(client) as aws:
        first = [_result(SUM, "PartialData", 1, 2), _result(SAMPLES, "Complete", 1, 2, 3)]
        aws.add_response("get_metric_data", {"MetricDataResults": first, "NextToken": "more"})
        aws.add_response("get_metric_data", {"MetricDataResults": [_result(SUM, "Complete", 3)]})
        points = points_of(client, Batch((READS,), percentiles=True), DAY)
    assert sorted(points.select("total", "sample_count").iter_rows()) == [(1.0, 1), (2.0, 2), (3.0, 3)]


def test_only_what_was_left_unfinished_is_asked_again(client: "CloudWatchClient") -> None:
    with Stubber(client) as aws:
        first = [_result(SUM, "InternalError"), _result(SAMPLES, "Complete", 1)]
        aws.add_response("get_metric_data", {"MetricDataResults": first})
        aws.add_response("get_metric_data", {"MetricDataResults": [_result(SUM, "Complete", 1)]})
        assert points_of(client, Batch((READS,), percentiles=True), DAY).select("total", "sample_count").rows() == [(1.0, 1)]
        aws.assert_no_pending_responses()


def test_an_answer_that_stays_partial_is_no_answer(client: "CloudWatchClient") -> None:
    with Stubber(client) as aws:
        aws.add_response("get_metric_data", {"MetricDataResults": [_result(SUM, "PartialData", 1), _result(SAMPLES, "Complete", 1)]})
        for _ in range(2):
            aws.add_response("get_metric_data", {"MetricDataResults": [_result(SUM, "PartialData", 1)]})
        with pytest.raises(SourceError, match=r"left 1 of 2 queries unfinished \(PartialData\), after 3 attempts"):
            points_of(client, Batch((READS,), percentiles=True), DAY)


def _points(client: "CloudWatchClient", batch: Batch, **values: list[float]) -> pl.DataFrame:
    """Answer every query of the batch with these values of the hours 0, 1, ...; those that are not named with nothing."""
    moments = [datetime(2026, 9, 30, hour, tzinfo=UTC) for hour in range(24)]
    results = []
    for query in batch.queries():
        given = values.get(query["Id"], [])
        results.append({"Id": query["Id"], "StatusCode": "Complete", "Timestamps": moments[: len(given)], "Values": given})
    with Stubber(client) as aws:
        aws.add_response("get_metric_data", {"MetricDataResults": results})
        return hourly(points_of(client, batch, DAY), "AWS", DAY)


def test_the_95th_percentile_is_asked_for_and_kept(client: "CloudWatchClient") -> None:
    row = _points(client, Batch((CPU,), percentiles=True), q0_Average=[10.0], q0_Maximum=[90.0], q0_SampleCount=[12.0], q0_p95=[42.5])
    assert row.select("average", "maximum", "p95", "total", "sample_count").rows() == [(10.0, 90.0, 42.5, None, 12)]


def test_a_percentile_that_cloudwatch_cannot_compute_is_null(client: "CloudWatchClient") -> None:
    row = _points(client, Batch((CPU,), percentiles=True), q0_Average=[10.0], q0_Maximum=[90.0], q0_SampleCount=[12.0])
    assert row["p95"].to_list() == [None]


def test_a_sum_over_cpus_becomes_a_percentage_of_the_machine(client: "CloudWatchClient") -> None:
    """SageMaker gives 0..100 for each CPU: 300 of 4 CPUs are 75 %. What is more than all of them is all of them."""
    job = Series("1", "arn:job", "cpu_percent", "/aws/sagemaker/TrainingJobs", "CPUUtilization", (("Host", "job/algo-1"),), scale=4.0)
    hours = _points(
        client, Batch((job,), percentiles=True), q0_Average=[300.0, 402.0], q0_Maximum=[400.0, 404.0], q0_SampleCount=[60.0, 60.0]
    )
    assert hours.select("average", "maximum").rows() == [(75.0, 100.0), (100.0, 100.0)]


def test_what_is_no_number_is_left_out(client: "CloudWatchClient") -> None:
    hours = _points(
        client, Batch((CPU,), percentiles=False), q0_Average=[math.nan, 1.0], q0_Maximum=[2.0, 2.0], q0_SampleCount=[12.0, 12.0]
    )
    assert hours["observed_at"].to_list() == [datetime(2026, 9, 30, 1)]  # noqa: DTZ001 - UTC without a zone, as in every table


def test_points_that_come_twice_count_once_and_points_of_the_future_not_at_all(client: "CloudWatchClient") -> None:
    twice, future = datetime(2026, 9, 30, 5, tzinfo=UTC), datetime(2026, 10, 1, 0, tzinfo=UTC)
    moments = [twice, twice, future]
    answers = [{"Id": SUM, "Values": [7.0, 7.0, 9.0]}, {"Id": SAMPLES, "Values": [12.0, 12.0, 12.0]}]
    with Stubber(client) as aws:
        results = [answer | {"StatusCode": "Complete", "Timestamps": moments} for answer in answers]
        aws.add_response("get_metric_data", {"MetricDataResults": results})
        hours = hourly(points_of(client, Batch((READS,), percentiles=True), DAY), "AWS", DAY)
    assert hours.select("total", "sample_count").rows() == [(7.0, 12)]


def test_a_witness_makes_an_uncounted_hour_a_zero_and_an_unwatched_one_nothing(client: "CloudWatchClient") -> None:
    """The variant's CPU was sampled in hours 0, 1 and 2, requests came in hour 1 only; hour 3 saw neither."""
    named = {"account_id": "1", "resource_id": "arn:endpoint", "metric": "invocations", "dimensions": (("VariantName", "blue"),)}
    requests = Series(**named, namespace="AWS/SageMaker", name="Invocations", label="blue")  # type: ignore[arg-type]  # one dictionary for both
    witness = Series(**named, namespace="/aws/sagemaker/Endpoints", name="CPUUtilization", label="blue", role="witness")  # type: ignore[arg-type]  # as above
    batch = Batch((requests, witness), percentiles=True)
    moments = [datetime(2026, 9, 30, hour, tzinfo=UTC) for hour in range(3)]
    results = [
        {"Id": "q0_Sum", "StatusCode": "Complete", "Timestamps": moments[1:2], "Values": [8.0]},
        {"Id": "q0_SampleCount", "StatusCode": "Complete", "Timestamps": moments[1:2], "Values": [8.0]},
        {"Id": "q1_SampleCount", "StatusCode": "Complete", "Timestamps": moments, "Values": [60.0, 60.0, 60.0]},
    ]
    with Stubber(client) as aws:
        aws.add_response("get_metric_data", {"MetricDataResults": results})
        hours = hourly(points_of(client, batch, DAY), "AWS", DAY)
    assert hours.select("total", "sample_count").rows() == [(0.0, 60), (8.0, 8), (0.0, 60)]
