"""Utilization from CloudWatch: what is asked, how answers become hours, and what absence means. AWS is moto's server, and real boto3."""

import json
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
from costsieve.sources.aws.cloudwatch_metrics import machine_series, volume_series
from costsieve.sources.aws.cloudwatch_series import Series, batches
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
    return CloudWatch(
        CloudWatchSource(name="metrics", type="cloudwatch", regions=(REGION,), look_back_days=look_back_days, percentiles=False)
    )


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
        "p95": None,
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
    assert (gpu["average"], gpu["maximum"], gpu["sample_count"]) == (96.0, 97.0, 2)
    assert _row(hours, machine, "gpus_in_use")["average"] == 1.0
    assert hours.height == 3


@pytest.mark.slow
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
    with caplog.at_level(logging.INFO, logger="costsieve.sources.aws.cloudwatch_fetch"):
        _hours(_source(look_back_days=3), tmp_path)
    (message,) = caplog.messages
    assert message == (
        "metrics: asking CloudWatch in us-east-1 for 11 metrics over 3 days "
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


def test_one_refused_service_is_a_gap_and_the_next_night_asks_for_it_alone(
    machine: str, cloudwatch: "CloudWatchClient", moto_endpoint: str, monkeypatch: pytest.MonkeyPatch, warehouse: Warehouse
) -> None:
    """The machine is gone when its disk may be listed at last: what was known of it stays."""
    _put(cloudwatch, "AWS/EC2", "CPUUtilization", {"InstanceId": machine}, {MIDNIGHT: [1.0]})
    ec2 = boto3.client("ec2", region_name=REGION, endpoint_url=moto_endpoint)
    loose = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8)["VolumeId"]
    _put(cloudwatch, "AWS/EBS", "VolumeReadOps", {"VolumeId": loose}, {MIDNIGHT: [5.0]})
    with only_allowed(moto_endpoint, [each for each in PERMISSIONS if each != "ec2:DescribeVolumes"], monkeypatch):
        first = load_source(warehouse, _source(look_back_days=1), AS_OF, NIGHT)
    told = warehouse.query("SELECT subject, reason, region FROM meta.collection_gaps").rows()
    ec2.terminate_instances(InstanceIds=[machine])
    second = load_source(warehouse, _source(look_back_days=1), AS_OF, NIGHT)
    assert (first.row_count, told) == (1, [("block_volume", "no_permission", REGION)])
    assert (second.row_count, warehouse.query("SELECT version FROM meta.loads WHERE is_current").rows()) == (2, [("final",)])


@pytest.mark.usefixtures("moto_endpoint")
def test_requests_of_an_endpoint_are_those_of_all_variants_by_the_arn_that_the_bill_has(
    cloudwatch: "CloudWatchClient", tmp_path: Path
) -> None:
    """m5.large has 2 CPUs, so that 50 of 200 are 25 %. The second hour has CPU and no requests: none were made."""
    _endpoint("Ranker", "blue", "green")
    later = MIDNIGHT + timedelta(hours=1)
    for variant, count in (("blue", 3), ("green", 2)):
        dimensions = {"EndpointName": "Ranker", "VariantName": variant}
        _put(cloudwatch, "AWS/SageMaker", "Invocations", dimensions, {MIDNIGHT: [1.0] * count})
        _put(cloudwatch, "/aws/sagemaker/Endpoints", "CPUUtilization", dimensions, {MIDNIGHT: [10.0], later: [50.0]})
    hours = _hours(_source(look_back_days=1), tmp_path).filter(
        pl.col("resource_id") == "arn:aws:sagemaker:us-east-1:123456789012:endpoint/ranker"
    )
    assert hours.filter(pl.col("metric") == "invocations").select("total", "sample_count").rows() == [(5.0, 5), (0.0, 2)]
    assert hours.filter(pl.col("metric") == "cpu_percent")["average"].to_list() == [5.0, 25.0]


@pytest.mark.usefixtures("moto_endpoint")
def test_a_job_is_as_busy_as_its_busiest_host(cloudwatch: "CloudWatchClient", tmp_path: Path) -> None:
    """g4dn.12xlarge has 48 CPUs and 4 GPUs."""
    _training_job("Fit")
    for host, cpu, gpu in (("Fit/algo-1", 480.0, 40.0), ("Fit/algo-2", 2400.0, 380.0)):
        _put(cloudwatch, "/aws/sagemaker/TrainingJobs", "CPUUtilization", {"Host": host}, {MIDNIGHT: [cpu]})
        _put(cloudwatch, "/aws/sagemaker/TrainingJobs", "GPUUtilization", {"Host": host}, {MIDNIGHT: [gpu]})
    hours = _hours(_source(look_back_days=1), tmp_path)
    assert set(hours["resource_id"]) == {"arn:aws:sagemaker:us-east-1:123456789012:training-job/fit"}
    assert hours.select("metric", "average").sort("metric").rows() == [("cpu_percent", 50.0), ("gpu_percent", 95.0)]


@pytest.mark.usefixtures("moto_endpoint")
def test_bucket_sizes_come_two_days_late_and_are_kept_under_their_own_day(cloudwatch: "CloudWatchClient", tmp_path: Path) -> None:
    boto3.client("s3").create_bucket(Bucket="ml-datasets")
    two_days_before = MIDNIGHT - timedelta(days=2)
    for kind, size in (("StandardStorage", 100.0), ("GlacierStorage", 900.0)):
        dimensions = {"BucketName": "ml-datasets", "StorageType": kind}
        _put(cloudwatch, "AWS/S3", "BucketSizeBytes", dimensions, {two_days_before: [size], MIDNIGHT: [size + 1]})
    _put(cloudwatch, "AWS/S3", "NumberOfObjects", {"BucketName": "ml-datasets", "StorageType": "AllStorageTypes"}, {two_days_before: [7.0]})
    hours = _hours(_source(look_back_days=1), tmp_path)
    assert hours.select("metric", "observed_at", "average").rows() == [
        ("stored_bytes", two_days_before, 1000.0),
        ("stored_objects", two_days_before, 7.0),
    ]


def test_an_account_that_refuses_is_a_gap_and_the_others_go_on(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The role of the first account may read; the second account has given its role something else."""
    reader, powerless = (f"arn:aws:iam::{account}:role/reader" for account in ("111122223333", "444455556666"))
    _give_role_of_another_account(reader, PERMISSIONS)
    _give_role_of_another_account(powerless, ["iam:GetUser"])
    settings = CloudWatchSource(name="metrics", type="cloudwatch", regions=(REGION,), roles=(reader, powerless), look_back_days=1)
    source = CloudWatch(settings.model_copy(update={"percentiles": False}))
    with only_allowed(moto_endpoint, ["sts:AssumeRole"], monkeypatch):
        hours = _hours(source, tmp_path)
    (gap,) = source.gaps(source.deliveries(AS_OF)[0])
    assert hours.is_empty()
    assert (gap.account_id, gap.role, gap.region, gap.subject, gap.reason) == ("444455556666", powerless, REGION, None, "no_permission")


def _give_role_of_another_account(role: str, actions: list[str]) -> None:
    keys = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="setup")["Credentials"]
    iam = boto3.client(
        "iam",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    allowed = [action.replace("cloudwatch:", "monitoring:") for action in actions]
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}]}
    iam.create_role(RoleName="reader", AssumeRolePolicyDocument="{}")
    iam.put_role_policy(RoleName="reader", PolicyName="reads", PolicyDocument=json.dumps(policy))


def _endpoint(name: str, *variants: str) -> None:
    sagemaker = boto3.client("sagemaker")
    sagemaker.create_model(ModelName="rank", ExecutionRoleArn="arn:aws:iam::123456789012:role/sagemaker")
    sagemaker.create_endpoint_config(
        EndpointConfigName=f"{name}-config",
        ProductionVariants=[
            {"VariantName": variant, "ModelName": "rank", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1} for variant in variants
        ],
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=f"{name}-config")


def _training_job(name: str) -> None:
    boto3.client("sagemaker").create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
        RoleArn="arn:aws:iam::123456789012:role/sagemaker",
        OutputDataConfig={"S3OutputPath": "s3://ml-models/fit"},
        ResourceConfig={"InstanceType": "ml.g4dn.12xlarge", "InstanceCount": 2, "VolumeSizeInGB": 50},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
    )


def _volumes(count: int) -> Iterator[Series]:
    return (series for number in range(count) for series in volume_series("100000000002", f"vol-{number:04}"))


def test_a_call_takes_no_more_than_500_queries() -> None:
    """Four series of two statistics a volume, two of them for each metric: 125 metrics of 4 queries fill a call."""
    cut = batches(_volumes(130), percentiles=True)
    assert [len(batch.queries()) for batch in cut] == [500, 500, 40]


def test_nothing_is_asked_for_an_empty_account() -> None:
    assert list(batches([], percentiles=True)) == []


def test_what_is_added_up_stays_in_one_call() -> None:
    """Traffic in and out, 2 queries each, must not be parted, nor reads and writes; CPU needs 4 with its percentile."""
    series = list(machine_series("100000000002", "i-0", "m5.large"))
    cut = [[each.name for each in batch.series] for batch in batches(series, percentiles=True, limit=5)]
    assert cut == [["CPUUtilization"], ["EBSReadBytes", "EBSWriteBytes"], ["EBSReadOps", "EBSWriteOps"], ["NetworkIn", "NetworkOut"]]


@pytest.mark.parametrize(
    ("percentiles", "asked"), [(True, {"Average", "Maximum", "SampleCount", "p95"}), (False, {"Average", "Maximum", "SampleCount"})]
)
def test_percentiles_are_asked_for_unless_switched_off(percentiles: bool, asked: set[str]) -> None:  # noqa: FBT001 - the setting itself
    cpu = next(machine_series("100000000002", "i-0", "m5.large"))
    (batch,) = batches([cpu], percentiles=percentiles)
    assert {query["MetricStat"]["Stat"] for query in batch.queries()} == asked


def test_only_burstable_types_have_surplus_credits() -> None:
    named = {kind: {each.metric for each in machine_series("1", "i-0", kind)} for kind in ("t3.large", "m5.large")}
    assert named["t3.large"] - named["m5.large"] == {"cpu_surplus_credits"}


def test_query_ids_are_unique_in_a_call() -> None:
    (batch,) = batches(_volumes(10), percentiles=True)
    ids = [query["Id"] for query in batch.queries()]
    assert len(set(ids)) == len(ids) == 80


def test_deliveries_are_the_complete_days_before_the_night() -> None:
    deliveries = _source(look_back_days=3).deliveries(AS_OF)
    assert [(delivery.period, delivery.version) for delivery in deliveries] == [
        ("2026-09-28", "final"),
        ("2026-09-29", "final"),
        ("2026-09-30", "final"),
    ]
