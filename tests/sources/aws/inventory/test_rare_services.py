"""What moto does not know whole: Studio, processing jobs, feature groups, provisioned throughput. Documented answers on loopback."""

from pathlib import Path
from typing import Any

import pytest

from tests.sources.aws.aws_answers import REFUSED, Answers, answering, ok
from tests.sources.aws.written_inventory import REGION, inventory, some, written

ARN = f"arn:aws:sagemaker:{REGION}:100000000002"
SEPTEMBER = 1788220800  # 2026-09-01, as AWS's JSON writes moments
IDLE_AFTER_AN_HOUR = {
    "JupyterLabAppSettings": {"AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 60}}}
}


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)


def _listed(answers: Answers, kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    tags = ok(ResourceTagMappingList=[{"ResourceARN": f"{ARN}:domain/d-1", "Tags": [{"Key": "team", "Value": "vision"}]}])
    with answering({"GetResources": [tags], **answers}) as (endpoint, _):
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        return written(inventory(kind), folder)


def _studio(default_settings: dict[str, Any], space_settings: dict[str, Any]) -> Answers:
    app = {"DomainId": "d-1", "AppType": "JupyterLab", "AppName": "default", "SpaceName": "ann", "Status": "InService"}
    described = {
        **app,
        "AppArn": f"{ARN}:app/d-1/Ann/JupyterLab/default",
        "ResourceSpec": {"InstanceType": "ml.g5.xlarge"},
        "CreationTime": SEPTEMBER,
        "LastUserActivityTimestamp": SEPTEMBER + 3600,
    }
    domain = {
        "DomainArn": f"{ARN}:domain/d-1",
        "DomainId": "d-1",
        "DomainName": "research",
        "Status": "InService",
        "CreationTime": SEPTEMBER,
    }
    gone = app | {"AppName": "old", "Status": "Deleted"}
    return {
        "ListApps": [ok(Apps=[app, gone])],
        "DescribeApp": [ok(**described)],
        "ListDomains": [ok(Domains=[{"DomainId": "d-1"}])],
        "DescribeDomain": [ok(**domain, HomeEfsFileSystemId="fs-1", DefaultUserSettings=default_settings)],
        "DescribeSpace": [ok(SpaceSettings=space_settings)],
    }


def test_a_studio_app_tells_its_machine_and_when_somebody_worked_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = _listed(_studio({}, {}), "studio_app", tmp_path, monkeypatch)
    row = rows[f"{ARN}:app/d-1/ann/jupyterlab/default"]
    assert len(rows) == 1
    assert some(row, "resource_name", "state", "instance_type") == ("ann/default", "in_service", "ml.g5.xlarge")
    assert row["last_activity_at"].isoformat() == "2026-09-01T01:00:00"
    assert row["attributes"] == {"app_type": "JupyterLab", "domain_id": "d-1"}


@pytest.mark.parametrize(
    ("space_settings", "minutes"),
    [({}, "60"), ({"JupyterLabAppSettings": {"AppLifecycleManagement": {"IdleSettings": {"IdleTimeoutInMinutes": 120}}}}, "120")],
)
def test_an_app_that_stops_itself_says_after_how_long(
    space_settings: dict[str, Any], minutes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = _listed(_studio(IDLE_AFTER_AN_HOUR, space_settings), "studio_app", tmp_path, monkeypatch).values()
    assert row["attributes"]["idle_shutdown_minutes"] == minutes


def test_an_app_that_was_deleted_meanwhile_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vanished = {**_studio({}, {}), "DescribeApp": [(400, {"__type": "ResourceNotFound", "message": "gone"})]}
    assert _listed(vanished, "studio_app", tmp_path, monkeypatch) == {}


def test_a_domain_tells_its_running_apps_and_its_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = _listed(_studio({}, {}), "studio_domain", tmp_path, monkeypatch)[f"{ARN}:domain/d-1"]
    assert row["attributes"] == {"running_app_count": "1", "home_file_system_id": "fs-1"}
    assert row["tags"] == {"team": "vision"}


def test_tags_that_may_not_be_read_are_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = _listed({**_studio({}, {}), "GetResources": [REFUSED]}, "studio_domain", tmp_path, monkeypatch).values()
    assert row["tags"] is None


def test_a_processing_job_tells_its_cluster_and_its_limit_even_when_it_runs_for_longer_than_the_look_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The jobs of the last 30 days are none; the one that runs began before."""
    job = {"ProcessingJobName": "Clean", "ProcessingJobArn": f"{ARN}:processing-job/Clean", "CreationTime": SEPTEMBER}
    described = {
        **job,
        "ProcessingJobStatus": "InProgress",
        "ProcessingResources": {"ClusterConfig": {"InstanceCount": 3, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        "ProcessingOutputConfig": {"Outputs": [{"S3Output": {"S3Uri": "s3://ml-datasets/clean"}}]},
    }
    none, running = ok(ProcessingJobSummaries=[]), ok(ProcessingJobSummaries=[job])
    answers: Answers = {"ListProcessingJobs": [none, running, none], "DescribeProcessingJob": [ok(**described)]}
    row = _listed(answers, "processing_job", tmp_path, monkeypatch)[f"{ARN}:processing-job/clean".lower()]
    assert some(row, "state", "instance_type", "instance_count", "stop_condition_seconds") == ("in_progress", "ml.m5.xlarge", 3, 600)
    assert row["attributes"] == {"output_location": "s3://ml-datasets/clean"}


def _members(operation: str, of: str, *entries: dict[str, str]) -> str:
    """An answer of RDS, which speaks XML."""
    kind = of.removesuffix("s")
    listed = "".join(f"<{kind}>{''.join(f'<{key}>{value}</{key}>' for key, value in entry.items())}</{kind}>" for entry in entries)
    return f"<{operation}Response><{operation}Result><{of}>{listed}</{of}></{operation}Result></{operation}Response>"


def test_a_database_made_anew_under_the_same_name_is_not_what_the_snapshot_was_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The emulator gives all databases one resource id."""
    rds = f"arn:aws:rds:{REGION}:100000000002"
    database = {"DBInstanceIdentifier": "orders", "DBInstanceArn": f"{rds}:db:orders", "DbiResourceId": "db-NEW"}
    common = {
        "DBInstanceIdentifier": "orders",
        "Engine": "postgres",
        "AllocatedStorage": "20",
        "Status": "available",
        "SnapshotType": "manual",
    }
    snapshots = [
        common | {"DBSnapshotIdentifier": name, "DBSnapshotArn": f"{rds}:snapshot:{name}", "DbiResourceId": resource_id}
        for name, resource_id in (("before", "db-OLD"), ("after", "db-NEW"))
    ]
    answers: Answers = {
        "DescribeDBInstances": [(200, _members("DescribeDBInstances", "DBInstances", database))],
        "DescribeDBClusters": [(200, _members("DescribeDBClusters", "DBClusters"))],
        "DescribeDBSnapshots": [(200, _members("DescribeDBSnapshots", "DBSnapshots", *snapshots))],
        "DescribeDBClusterSnapshots": [(200, _members("DescribeDBClusterSnapshots", "DBClusterSnapshots"))],
    }
    rows = _listed(answers, "database_snapshot", tmp_path, monkeypatch)
    assert {row["resource_name"]: row["is_source_alive"] for row in rows.values()} == {"before": False, "after": True}


def test_a_feature_group_tells_what_its_online_store_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = {"FeatureGroupArn": f"{ARN}:feature-group/users", "FeatureGroupName": "users", "CreationTime": SEPTEMBER}
    described = {
        **group,
        "FeatureGroupStatus": "Created",
        "OnlineStoreTotalSizeBytes": 5000,
        "ThroughputConfig": {"ThroughputMode": "Provisioned"},
    }
    answers: Answers = {"ListFeatureGroups": [ok(FeatureGroupSummaries=[group])], "DescribeFeatureGroup": [ok(**described)]}
    row = _listed(answers, "feature_store", tmp_path, monkeypatch)[f"{ARN}:feature-group/users"]
    assert (row["state"], row["attributes"]) == ("created", {"is_serverless": "false", "stored_bytes": "5000"})


def test_provisioned_throughput_tells_its_units_and_how_long_they_must_be_paid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arn = f"arn:aws:bedrock:{REGION}:100000000002:provisioned-model/abc"
    summary = {
        "provisionedModelName": "chat",
        "provisionedModelArn": arn,
        "modelUnits": 2,
        "status": "InService",
        "creationTime": "2026-09-01T00:00:00Z",
        "commitmentExpirationTime": "2027-03-01T00:00:00Z",
    }
    pages = [ok(provisionedModelSummaries=[summary], nextToken="2"), ok(provisionedModelSummaries=[])]
    row = _listed({"GET /provisioned-model-throughputs": pages}, "provisioned_throughput", tmp_path, monkeypatch)[arn]
    assert row["attributes"] == {"model_units": "2", "commitment_ends_at": "2027-03-01T00:00:00"}
