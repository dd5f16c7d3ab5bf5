"""The inventory of an AWS account: what EC2 lists, in the columns of the contract. AWS is moto's server, asked with the real boto3."""

from datetime import UTC, date, datetime
from pathlib import Path

import boto3
import duckdb
import pytest

from costsieve.errors import PermissionMissing
from costsieve.source_settings import AwsInventorySource
from costsieve.sources.aws.inventory import AwsInventory
from costsieve.sources.landing import load_source
from costsieve.sources.source import Delivery
from costsieve.warehouse import Warehouse
from tests.sources.powerless_user import only_allowed

AS_OF = date(2026, 10, 1)
REGION = "us-east-1"
ROLE = "arn:aws:iam::111122223333:role/costsieve-read"
IMAGE = "ami-12c6146b"  # one of those that moto knows


def _inventory(*roles: str, region: str = REGION) -> AwsInventory:
    return AwsInventory(AwsInventorySource(name="estate", type="aws_inventory", regions=(region,), roles=roles))


def _written(source: AwsInventory, folder: Path) -> dict[str, dict[str, object]]:
    """Return the rows by resource id; tags come back as a dictionary."""
    (delivery,) = source.deliveries(AS_OF)
    source.write(delivery, folder)
    (file,) = folder.glob("*.parquet")
    with duckdb.connect() as connection:
        answer = connection.execute("SELECT * FROM read_parquet($file)", {"file": str(file)})
        names = [column[0] for column in answer.description]
        rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    return {str(row["resource_id"]): row for row in rows}


@pytest.fixture
def machine(moto_endpoint: str) -> str:
    """One running instance with its root volume."""
    ec2 = boto3.client("ec2", region_name=REGION, endpoint_url=moto_endpoint)
    started = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, InstanceType="g5.xlarge")
    instance_id = started["Instances"][0]["InstanceId"]
    ec2.create_tags(Resources=[instance_id], Tags=[{"Key": "Name", "Value": "trainer-1"}, {"Key": "team", "Value": "vision"}])
    return instance_id


def test_an_instance_is_listed_with_type_state_and_tags_as_they_are(machine: str, tmp_path: Path) -> None:
    row = _written(_inventory(), tmp_path)[machine]
    named = (
        "provider",
        "account_id",
        "region",
        "resource_name",
        "resource_type",
        "state",
        "instance_type",
        "attached_to",
        "is_in_use",
        "tags",
    )
    assert {name: row[name] for name in named} == {
        "provider": "AWS",
        "account_id": "123456789012",
        "region": REGION,
        "resource_name": "trainer-1",
        "resource_type": "virtual_machine",
        "state": "running",
        "instance_type": "g5.xlarge",
        "attached_to": None,
        "is_in_use": None,
        "tags": {"Name": "trainer-1", "team": "vision"},
    }


def test_the_moment_of_the_inventory_is_that_of_the_answer_and_not_of_the_night(machine: str, tmp_path: Path) -> None:
    row = _written(_inventory(), tmp_path)[machine]
    created_at, observed_at = row["created_at"], row["observed_at"]
    assert isinstance(created_at, datetime)
    assert isinstance(observed_at, datetime)
    assert created_at.replace(microsecond=0) <= observed_at


def test_a_terminated_instance_is_gone(machine: str, tmp_path: Path) -> None:
    boto3.client("ec2", region_name=REGION).terminate_instances(InstanceIds=[machine])
    assert machine not in _written(_inventory(), tmp_path)


def test_volumes_tell_whether_and_to_what_they_are_attached(machine: str, tmp_path: Path) -> None:
    ec2 = boto3.client("ec2", region_name=REGION)
    loose = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=500, VolumeType="gp3")["VolumeId"]
    (root,) = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [machine]}])["Volumes"]
    rows = _written(_inventory(), tmp_path)
    assert (rows[loose]["state"], rows[loose]["attached_to"], rows[loose]["size_gib"]) == ("available", None, 500.0)
    assert (rows[loose]["volume_type"], rows[loose]["detached_at"]) == ("gp3", None)
    assert (rows[root["VolumeId"]]["state"], rows[root["VolumeId"]]["attached_to"]) == ("in_use", machine)


def test_snapshots_tell_whether_their_volume_and_an_image_still_need_them(machine: str, tmp_path: Path) -> None:
    ec2 = boto3.client("ec2", region_name=REGION)
    kept, deleted = (ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8)["VolumeId"] for _ in range(2))
    of_kept, of_deleted = (ec2.create_snapshot(VolumeId=volume)["SnapshotId"] for volume in (kept, deleted))
    ec2.delete_volume(VolumeId=deleted)
    image = ec2.create_image(InstanceId=machine, Name="trainer")["ImageId"]
    (mapping,) = ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"]
    behind_image = mapping["Ebs"]["SnapshotId"]
    rows = _written(_inventory(), tmp_path)
    assert (rows[of_kept]["source_id"], rows[of_kept]["is_source_alive"], rows[of_kept]["is_in_use"]) == (kept, True, False)
    assert (rows[of_deleted]["source_id"], rows[of_deleted]["is_source_alive"]) == (deleted, False)
    assert rows[behind_image]["is_in_use"] is True


def test_a_role_is_assumed_and_its_account_named(moto_endpoint: str, tmp_path: Path) -> None:
    rows = _written(_inventory(ROLE), tmp_path)
    assert moto_endpoint
    assert {row["account_id"] for row in rows.values()} == {"111122223333"}


def test_a_refusal_names_permission_region_and_credentials(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = r"AWS refused ec2:DescribeInstances in us-east-1 to the default credentials of account \d+"
    with only_allowed(moto_endpoint, [], monkeypatch), pytest.raises(PermissionMissing, match=told):
        _written(_inventory(), tmp_path)


def test_a_role_that_may_not_be_assumed_is_named(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = rf"sts:AssumeRole in us-east-1 to the default credentials \(for role {ROLE}\)"
    with only_allowed(moto_endpoint, [], monkeypatch), pytest.raises(PermissionMissing, match=told):
        _written(_inventory(ROLE), tmp_path)


def test_missing_credentials_say_where_they_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(PermissionMissing, match="No AWS credentials were found"):
        _written(_inventory(), tmp_path)


def test_a_snapshot_is_taken_once_a_night(machine: str, warehouse: Warehouse) -> None:
    observed_at = datetime(2026, 10, 1, 3, tzinfo=UTC)
    first = load_source(warehouse, _inventory(), AS_OF, observed_at)
    second = load_source(warehouse, _inventory(), AS_OF, observed_at)
    assert machine
    assert (first.changed_periods, second.changed_periods) == (("2026-09-30",), ())
    assert first.row_count == second.row_count > 0


def test_deliveries_ask_nothing() -> None:
    assert _inventory().deliveries(AS_OF) == [Delivery("2026-09-30", "2026-09-30", ("EC2 API in us-east-1",))]
