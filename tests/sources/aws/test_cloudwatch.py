"""Utilization from CloudWatch: what is asked, how answers become hours, and what absence means. AWS is moto's server, and real boto3."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import polars as pl
import pytest

from costsieve.contracts.usage import UTILIZATION
from costsieve.errors import PermissionMissing
from costsieve.source_settings import CloudWatchSource
from costsieve.sources.aws.cloudwatch import CloudWatch
from costsieve.sources.aws.cloudwatch_series import POINTS, Series, batches, machine_series, queries_of, utilization, volume_series
from costsieve.sources.landing import load_source
from costsieve.sources.permissions import permissions_of
from costsieve.warehouse import Warehouse
from tests.sources.powerless_user import only_allowed

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

AS_OF = date(2026, 10, 1)
NIGHT = datetime(2026, 10, 1, 3, tzinfo=UTC)
MIDNIGHT = datetime(2026, 9, 30)  # noqa: DTZ001 - UTC without a zone, as in every table
REGION = "us-east-1"
PERMISSIONS = [permission.permission for permission in permissions_of("cloudwatch")]
IMAGE = "ami-12c6146b"  # one of those that moto knows


def _source(look_back_days: int = 2) -> CloudWatch:
    return CloudWatch(CloudWatchSource(name="metrics", type="cloudwatch", regions=(REGION,), look_back_days=look_back_days))


def _hours(source: CloudWatch, folder: Path) -> pl.DataFrame:
    """Write every delivery, as the landing does, and read all of it back."""
    for delivery in source.deliveries(AS_OF):
        source.write(delivery, folder)
    files = sorted(folder.glob("*.parquet"))
    return pl.concat([pl.DataFrame(schema=UTILIZATION.polars_schema()), *(pl.read_parquet(file) for file in files)])


def _put(client: "CloudWatchClient", namespace: str, name: str, dimensions: dict[str, str], points: dict[datetime, list[float]]) -> None:
    client.put_metric_data(
        Namespace=namespace,
        MetricData=[
            {
                "MetricName": name,
                "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
                "Timestamp": moment.replace(tzinfo=UTC),
                "Value": value,
            }
            for moment, values in points.items()
            for value in values
        ],
    )


@pytest.fixture
def cloudwatch(moto_endpoint: str) -> "CloudWatchClient":
    return boto3.client("cloudwatch", region_name=REGION, endpoint_url=moto_endpoint)


@pytest.fixture
def machine(moto_endpoint: str) -> str:
    ec2 = boto3.client("ec2", region_name=REGION, endpoint_url=moto_endpoint)
    return ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, InstanceType="m5.large")["Instances"][0]["InstanceId"]


def _row(hours: pl.DataFrame, resource_id: str, metric: str) -> dict[str, object]:
    (row,) = hours.filter(pl.col("resource_id") == resource_id, pl.col("metric") == metric).to_dicts()
    return row


def test_cpu_has_mean_and_largest_sample_of_the_hour(machine: str, cloudwatch: "CloudWatchClient", tmp_path: Path) -> None:
    points = {MIDNIGHT + timedelta(hours=5, minutes=minute): [value] for minute, value in ((0, 2.0), (5, 4.0), (10, 12.0))}
    _put(cloudwatch, "AWS/EC2", "CPUUtilization", {"InstanceId": machine}, points)
    assert _row(_hours(_source(), tmp_path), machine, "cpu_percent") == {
        "provider": "AWS",
        "account_id": "123456789012",
        "resource_id": machine,
        "metric": "cpu_percent",
        "observed_at": MIDNIGHT + timedelta(hours=5),
        "average": 6.0,
        "maximum": 12.0,
        "total": None,
        "sample_count": 3,
    }


def test_an_hour_without_points_has_no_row(machine: str, cloudwatch: "CloudWatchClient", tmp_path: Path) -> None:
    """A stopped machine reports nothing; that is unknown, and never zero."""
    hours = [0, 1, 23]
    _put(cloudwatch, "AWS/EC2", "CPUUtilization", {"InstanceId": machine}, {MIDNIGHT + timedelta(hours=hour): [1.0] for hour in hours})
    assert _hours(_source(), tmp_path)["observed_at"].to_list() == [MIDNIGHT + timedelta(hours=hour) for hour in hours]


def test_a_machine_that_reports_nothing_gives_no_file(machine: str, tmp_path: Path) -> None:
    assert _hours(_source(), tmp_path).is_empty()
    assert machine
    assert list(tmp_path.iterdir()) == []


def test_traffic_in_and_out_is_added(machine: str, cloudwatch: "CloudWatchClient", tmp_path: Path) -> None:
    _put(cloudwatch, "AWS/EC2", "NetworkIn", {"InstanceId": machine}, {MIDNIGHT: [100.0, 200.0]})
    _put(cloudwatch, "AWS/EC2", "NetworkOut", {"InstanceId": machine}, {MIDNIGHT: [10.0, 90.0]})
    row = _row(_hours(_source(), tmp_path), machine, "network_bytes")
    assert (row["total"], row["sample_count"], row["average"], row["maximum"]) == (400.0, 4, 100.0, 100.0)


def test_reads_and_writes_of_a_volume_are_added(moto_endpoint: str, cloudwatch: "CloudWatchClient", tmp_path: Path) -> None:
    volume = boto3.client("ec2", region_name=REGION, endpoint_url=moto_endpoint).create_volume(AvailabilityZone=f"{REGION}a", Size=8)[
        "VolumeId"
    ]
    _put(cloudwatch, "AWS/EBS", "VolumeReadOps", {"VolumeId": volume}, {MIDNIGHT: [5.0]})
    _put(cloudwatch, "AWS/EBS", "VolumeWriteOps", {"VolumeId": volume}, {MIDNIGHT: [7.0]})
    assert _row(_hours(_source(), tmp_path), volume, "disk_operations")["total"] == 12.0


def test_the_agents_memory_and_busiest_gpu_are_found_by_instance(machine: str, cloudwatch: "CloudWatchClient", tmp_path: Path) -> None:
    _put(cloudwatch, "CWAgent", "mem_used_percent", {"InstanceId": machine, "InstanceType": "m5.large"}, {MIDNIGHT: [40.0]})
    for index, percent in (("0", 3.0), ("1", 97.0)):
        dimensions = {"InstanceId": machine, "index": index, "arch": "ampere"}
        _put(cloudwatch, "CWAgent", "nvidia_smi_utilization_gpu", dimensions, {MIDNIGHT: [percent, percent - 2]})
    _put(cloudwatch, "CWAgent", "mem_used_percent", {"host": "ip-10-0-0-1"}, {MIDNIGHT: [99.0]})
    hours = _hours(_source(), tmp_path)
    memory, gpu = _row(hours, machine, "memory_percent"), _row(hours, machine, "gpu_percent")
    assert (memory["average"], memory["maximum"]) == (40.0, 40.0)
    assert (gpu["average"], gpu["maximum"], gpu["sample_count"]) == (96.0, 97.0, 4)
    assert hours.height == 2


@pytest.mark.usefixtures("moto_endpoint")
def test_invocations_of_an_endpoint_are_those_of_all_variants(cloudwatch: "CloudWatchClient", tmp_path: Path) -> None:
    for variant, count in (("blue", 3), ("green", 2)):
        dimensions = {"EndpointName": "Ranker", "VariantName": variant}
        _put(cloudwatch, "AWS/SageMaker", "Invocations", dimensions, {MIDNIGHT: [1.0] * count})
    row = _row(_hours(_source(), tmp_path), "endpoint/ranker", "invocations")
    assert (row["total"], row["sample_count"]) == (5.0, 5)


def test_later_nights_ask_only_for_new_days(machine: str, cloudwatch: "CloudWatchClient", warehouse: Warehouse) -> None:
    _put(cloudwatch, "AWS/EC2", "CPUUtilization", {"InstanceId": machine}, {MIDNIGHT: [1.0], MIDNIGHT + timedelta(days=1): [2.0]})
    first = load_source(warehouse, _source(), AS_OF, NIGHT)
    again = load_source(warehouse, _source(), AS_OF, NIGHT)
    next_night = load_source(warehouse, _source(), AS_OF + timedelta(days=1), NIGHT)
    assert first.changed_periods == ("2026-09-29", "2026-09-30")
    assert again.changed_periods == ()
    assert next_night.changed_periods == ("2026-10-01",)
    assert next_night.row_count == 2


def test_all_missing_days_are_asked_for_at_once_and_the_price_is_told(
    machine: str, cloudwatch: "CloudWatchClient", tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _put(cloudwatch, "AWS/EC2", "CPUUtilization", {"InstanceId": machine}, {MIDNIGHT - timedelta(days=1): [1.0], MIDNIGHT: [1.0]})
    with caplog.at_level(logging.INFO, logger="costsieve.sources.aws.cloudwatch"):
        _hours(_source(look_back_days=3), tmp_path)
    (message,) = caplog.messages
    assert message == (
        "metrics: asking CloudWatch in us-east-1 for 5 metrics over 3 days "
        "with the default credentials of account 123456789012: about 0.00 USD"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cloudwatch-2026-09-29.parquet", "cloudwatch-2026-09-30.parquet"]


def test_a_refusal_names_the_permission(machine: str, moto_endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    allowed = [permission for permission in PERMISSIONS if permission != "cloudwatch:GetMetricData"]
    told = "AWS refused cloudwatch:GetMetricData in us-east-1 to .* Attach a policy that allows cloudwatch:GetMetricData"
    assert machine
    with only_allowed(moto_endpoint, allowed, monkeypatch), pytest.raises(PermissionMissing, match=told):
        _hours(_source(), tmp_path)


def test_the_declared_permissions_suffice(machine: str, moto_endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert machine
    with only_allowed(moto_endpoint, PERMISSIONS, monkeypatch):
        assert _hours(_source(), tmp_path).is_empty()


def _volumes(count: int) -> Iterator[Series]:
    return (series for number in range(count) for series in volume_series("100000000002", f"vol-{number:04}"))


def test_a_call_takes_no_more_than_500_queries() -> None:
    """Two series of two statistics a volume: 125 volumes fill a call."""
    assert [len(queries_of(batch)) for batch in batches(_volumes(260))] == [500, 500, 40]


def test_nothing_is_asked_for_an_empty_account() -> None:
    assert list(batches([])) == []


def test_what_is_added_up_stays_in_one_call() -> None:
    """A machine needs 3 queries for CPU and 2 + 2 for traffic; traffic in and out must not be parted."""
    series = [each for number in range(3) for each in machine_series("100000000002", f"i-{number}")]
    cut = [[(each.resource_id, each.name) for each in batch] for batch in batches(series, limit=5)]
    assert cut == [
        [("i-0", "CPUUtilization")],
        [("i-0", "NetworkIn"), ("i-0", "NetworkOut")],
        [("i-1", "CPUUtilization")],
        [("i-1", "NetworkIn"), ("i-1", "NetworkOut")],
        [("i-2", "CPUUtilization")],
        [("i-2", "NetworkIn"), ("i-2", "NetworkOut")],
    ]


def test_only_statistics_that_cloudwatch_keeps_are_asked_for() -> None:
    statistics = {query["MetricStat"]["Stat"] for query in queries_of(machine_series("100000000002", "i-0"))}
    assert statistics == {"Average", "Maximum", "Sum", "SampleCount"}


def test_query_ids_are_unique_in_a_call() -> None:
    ids = [query["Id"] for query in queries_of(list(_volumes(10)))]
    assert len(set(ids)) == len(ids) == 40


def test_no_points_make_no_rows() -> None:
    assert utilization(pl.DataFrame(schema=POINTS)).is_empty()


def test_deliveries_are_the_complete_days_before_the_night() -> None:
    deliveries = _source(look_back_days=3).deliveries(AS_OF)
    assert [(delivery.period, delivery.version) for delivery in deliveries] == [
        ("2026-09-28", "final"),
        ("2026-09-29", "final"),
        ("2026-09-30", "final"),
    ]
