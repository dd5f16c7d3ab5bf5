"""The snapshot of AWS accounts: what cannot be listed is a gap, everything else is there. AWS is moto's server and real boto3."""

from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest

from costsieve.contracts.attributes import ATTRIBUTES
from costsieve.contracts.usage import RESOURCE_TYPES
from costsieve.errors import ConfigurationError, PermissionMissing
from costsieve.sources.aws.inventory.services import LISTERS
from costsieve.sources.landing import load_source
from costsieve.sources.source import Delivery
from costsieve.warehouse import Warehouse
from tests.sources.aws.aws_answers import REFUSED, THROTTLED, Answers, answering, ok
from tests.sources.aws.written_inventory import AS_OF, REGION, inventory, some, written
from tests.sources.powerless_user import only_allowed

ROLE = "arn:aws:iam::111122223333:role/costsieve-read"
OBSERVED_AT = datetime(2026, 10, 1, 3, tzinfo=UTC)
GROUP = {"logGroupName": "api", "arn": "arn:aws:logs:us-east-1:100000000002:log-group:api:*", "creationTime": 1788000000000}
DAY = Delivery("2026-09-30", "2026-09-30", ())


def test_every_kind_of_resource_is_listed_once_and_known_to_the_contract() -> None:
    kinds = [lister.resource_type for lister in LISTERS]
    assert len(set(kinds)) == len(kinds) == 24
    assert set(kinds) <= set(RESOURCE_TYPES)


def test_a_kind_that_nobody_lists_is_no_setting() -> None:
    with pytest.raises(ConfigurationError, match=r"source estate: `resource_types` has tpu; AWS has auto_scaling_group, "):
        inventory("tpu")


def test_a_role_is_assumed_and_its_account_named(moto_endpoint: str, tmp_path: Path) -> None:
    source = inventory("snapshot", roles=(ROLE,))
    rows = written(source, tmp_path)
    assert moto_endpoint
    assert {row["account_id"] for row in rows.values()} == {"111122223333"}
    assert source.gaps(DAY) == []


def test_the_moment_of_the_inventory_is_that_of_the_answer_and_not_of_the_night(moto_endpoint: str, tmp_path: Path) -> None:
    volume = boto3.client("ec2", endpoint_url=moto_endpoint).create_volume(AvailabilityZone=f"{REGION}a", Size=8)
    row = written(inventory("block_volume"), tmp_path)[volume["VolumeId"]]
    assert row["created_at"].replace(microsecond=0) <= row["observed_at"]


def test_a_refusal_of_everything_names_permission_region_and_credentials(
    moto_endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = r"AWS refused ec2:DescribeInstances in us-east-1 to the default credentials of account \d+"
    with only_allowed(moto_endpoint, [], monkeypatch), pytest.raises(PermissionMissing, match=told):
        written(inventory("virtual_machine", "block_volume"), tmp_path)


def test_one_refused_kind_is_a_gap_and_the_others_are_listed(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    volume = boto3.client("ec2", endpoint_url=moto_endpoint).create_volume(AvailabilityZone=f"{REGION}a", Size=8)
    source = inventory("block_volume", "log_group")
    with only_allowed(moto_endpoint, ["ec2:DescribeVolumes"], monkeypatch):
        rows = written(source, tmp_path)
    (gap,) = source.gaps(DAY)
    assert list(rows) == [volume["VolumeId"]]
    assert (gap.account_id, gap.region, gap.subject, gap.reason) == ("123456789012", REGION, "log_group", "no_permission")
    assert "AWS refused logs:DescribeLogGroups in us-east-1" in gap.message


def test_what_a_kind_only_borrows_from_another_stays_unknown_when_that_is_refused(
    moto_endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ec2 = boto3.client("ec2", endpoint_url=moto_endpoint)
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8)["VolumeId"]
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    source = inventory("snapshot")
    with only_allowed(moto_endpoint, ["ec2:DescribeSnapshots"], monkeypatch):
        row = written(source, tmp_path)[snapshot]
    assert some(row, "source_id", "is_source_alive", "is_in_use") == (volume, None, None)
    assert source.gaps(DAY) == []


def test_a_role_that_may_not_be_assumed_is_a_gap_and_the_other_accounts_go_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    elsewhere = "arn:aws:iam::444455556666:role/elsewhere"
    source = inventory("log_group", roles=(elsewhere, ROLE))
    answers: Answers = {f"AssumeRole {elsewhere}": [], "DescribeLogGroups": [ok(logGroups=[GROUP])], "GetResources": [ok()]}
    with answering(answers) as (endpoint, _):
        _lead_to(endpoint, monkeypatch)
        rows = written(source, tmp_path)
    (gap,) = source.gaps(DAY)
    assert [row["account_id"] for row in rows.values()] == ["111122223333"]
    assert (gap.account_id, gap.role, gap.region, gap.subject, gap.reason) == ("444455556666", elsewhere, None, None, "no_permission")


def test_a_region_that_refuses_everything_is_one_gap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The first region answers; in the second every call is refused, as in one that the account has not switched on."""
    source = inventory("log_group", "container_repository", regions=(REGION, "eu-south-1"))
    logs, repositories = ok(logGroups=[GROUP]), ok(repositories=[])
    answers: Answers = {"DescribeLogGroups": [logs, REFUSED], "DescribeRepositories": [repositories, REFUSED], "GetResources": [ok()]}
    with answering(answers) as (endpoint, _):
        _lead_to(endpoint, monkeypatch)
        written(source, tmp_path)
    assert [(gap.region, gap.subject) for gap in source.gaps(DAY)] == [("eu-south-1", None)]


def test_no_role_that_may_be_assumed_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = rf"AWS refused sts:AssumeRole in us-east-1 to the default credentials \(for role {ROLE}\)"
    with answering({f"AssumeRole {ROLE}": []}) as (endpoint, _):
        _lead_to(endpoint, monkeypatch)
        with pytest.raises(PermissionMissing, match=told):
            written(inventory("log_group", roles=(ROLE,)), tmp_path)


def test_missing_credentials_say_where_they_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(PermissionMissing, match="No AWS credentials were found"):
        written(inventory("virtual_machine"), tmp_path)


def test_a_throttled_call_is_made_again_until_it_is_answered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answers: Answers = {"DescribeLogGroups": [THROTTLED, THROTTLED, ok(logGroups=[GROUP])], "GetResources": [ok()]}
    with answering(answers) as (endpoint, asked):
        _lead_to(endpoint, monkeypatch)
        rows = written(inventory("log_group"), tmp_path)
    assert list(rows) == ["arn:aws:logs:us-east-1:100000000002:log-group:api"]
    assert asked == ["DescribeLogGroups"] * 3 + ["GetResources"]


def test_a_night_with_a_gap_is_asked_again_and_a_complete_one_is_not(monkeypatch: pytest.MonkeyPatch, warehouse: Warehouse) -> None:
    """First ECR is refused, then it is not; the third run asks nothing."""
    repositories = ok(repositories=[])
    answers: Answers = {
        "DescribeLogGroups": [ok(logGroups=[])],
        "GetResources": [ok()],
        "DescribeRepositories": [REFUSED, repositories],
    }
    with answering(answers) as (endpoint, asked):
        _lead_to(endpoint, monkeypatch)
        first = load_source(warehouse, inventory("log_group", "container_repository"), AS_OF, OBSERVED_AT)
        told = warehouse.query("SELECT account_id, region, subject, reason FROM meta.collection_gaps").rows()
        second = load_source(warehouse, inventory("log_group", "container_repository"), AS_OF, OBSERVED_AT)
        third = load_source(warehouse, inventory("log_group", "container_repository"), AS_OF, OBSERVED_AT)
    assert told == [("100000000002", REGION, "container_repository", "no_permission")]
    assert [each.changed_periods for each in (first, second, third)] == [("2026-09-30",), ("2026-09-30",), ()]
    assert asked.count("DescribeRepositories") == 2


def test_deliveries_ask_nothing() -> None:
    assert inventory().deliveries(AS_OF) == [Delivery("2026-09-30", "2026-09-30", ("AWS APIs in us-east-1",))]


def test_attributes_are_those_of_the_contract(moto_endpoint: str, tmp_path: Path) -> None:
    ec2 = boto3.client("ec2", endpoint_url=moto_endpoint)
    ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8)
    ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, InstanceType="g5.xlarge")
    boto3.client("logs", endpoint_url=moto_endpoint).create_log_group(logGroupName="api")
    rows = written(inventory("block_volume", "virtual_machine", "log_group"), tmp_path)
    used = {(row["resource_type"], name) for row in rows.values() for name in row["attributes"]}
    assert {(kind, name) for kind, name in used if kind not in ATTRIBUTES.get(name, ((), ""))[0]} == set()


def _lead_to(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
