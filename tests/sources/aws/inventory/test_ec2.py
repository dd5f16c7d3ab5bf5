"""What EC2 lists, in the columns of the contract: machines, groups, disks, snapshots, images, addresses, gateways. AWS is moto's server."""

from pathlib import Path

import boto3
import pytest

from tests.sources.aws.written_inventory import ACCOUNT, REGION, inventory, some, written

IMAGE = "ami-12c6146b"  # one of those that moto knows


@pytest.fixture
def machine(moto_endpoint: str) -> str:
    """One running instance with its root volume."""
    ec2 = boto3.client("ec2", region_name=REGION, endpoint_url=moto_endpoint)
    started = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, InstanceType="g5.xlarge")
    instance_id = started["Instances"][0]["InstanceId"]
    tags = {"Name": "trainer-1", "team": "vision", "aws:autoscaling:groupName": "trainers", "kubernetes.io/cluster/ml": "owned"}
    ec2.create_tags(Resources=[instance_id], Tags=[{"Key": key, "Value": value} for key, value in tags.items() if key[:4] != "aws:"])
    return instance_id


def test_an_instance_is_listed_with_type_state_and_tags_as_they_are(machine: str, tmp_path: Path) -> None:
    row = written(inventory("virtual_machine"), tmp_path)[machine]
    assert some(row, "provider", "account_id", "region", "resource_name", "resource_type", "state", "instance_type") == (
        *("AWS", ACCOUNT, REGION, "trainer-1", "virtual_machine", "running", "g5.xlarge"),
    )
    assert row["tags"] == {"Name": "trainer-1", "team": "vision", "kubernetes.io/cluster/ml": "owned"}
    assert some(row, "attached_to", "is_in_use") == (None, None)


def test_an_instance_tells_its_cluster_its_local_disks_and_whether_it_is_spot(machine: str, tmp_path: Path) -> None:
    """g5.xlarge has one 250 GB disk of the host: Amazon EC2 instance types."""
    row = written(inventory("virtual_machine"), tmp_path)[machine]
    assert some(row["attributes"], "cluster", "local_disk_count", "is_spot") == ("ml", "1", "false")
    assert "stopped_at" not in row["attributes"]


def test_a_stopped_instance_tells_since_when(machine: str, tmp_path: Path) -> None:
    boto3.client("ec2", region_name=REGION).stop_instances(InstanceIds=[machine])
    row = written(inventory("virtual_machine"), tmp_path)[machine]
    assert row["state"] == "stopped"
    assert row["attributes"]["stopped_at"] <= row["observed_at"].isoformat()


def test_a_terminated_instance_is_gone(machine: str, tmp_path: Path) -> None:
    boto3.client("ec2", region_name=REGION).terminate_instances(InstanceIds=[machine])
    assert machine not in written(inventory("virtual_machine"), tmp_path)


@pytest.mark.usefixtures("moto_endpoint")
def test_a_group_is_listed_by_its_arn_with_its_capacity_and_its_machines_name_it(tmp_path: Path) -> None:
    subnet = boto3.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    scaling = boto3.client("autoscaling")
    scaling.create_launch_configuration(LaunchConfigurationName="trainers", ImageId=IMAGE, InstanceType="m5.large")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="trainers",
        LaunchConfigurationName="trainers",
        MinSize=1,
        MaxSize=4,
        DesiredCapacity=2,
        VPCZoneIdentifier=subnet,
    )
    rows = written(inventory("auto_scaling_group", "virtual_machine"), tmp_path)
    (group,) = (row for row in rows.values() if row["resource_type"] == "auto_scaling_group")
    assert group["resource_id"].startswith(f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:")
    assert some(group, "resource_name", "state", "instance_type", "instance_count") == ("trainers", "active", "m5.large", 2)
    assert group["attributes"] == {"minimum_capacity": "1", "desired_capacity": "2", "maximum_capacity": "4"}
    machines = [row["attributes"]["auto_scaling_group"] for row in rows.values() if row["resource_type"] == "virtual_machine"]
    assert machines == ["trainers", "trainers"]


def test_volumes_tell_what_is_paid_for_and_to_what_they_are_attached(machine: str, tmp_path: Path) -> None:
    ec2 = boto3.client("ec2", region_name=REGION)
    loose = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=500, VolumeType="gp3", Iops=4000, Throughput=250)["VolumeId"]
    (root,) = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [machine]}])["Volumes"]
    rows = written(inventory("block_volume"), tmp_path)
    assert some(rows[loose], "state", "attached_to", "size_gib", "volume_type", "detached_at") == ("available", None, 500.0, "gp3", None)
    assert rows[loose]["attributes"] == {"provisioned_iops": "4000", "provisioned_throughput_mibps": "250"}
    assert some(rows[root["VolumeId"]], "state", "attached_to") == ("in_use", machine)
    assert "last_attached_at" in rows[root["VolumeId"]]["attributes"]


def test_snapshots_tell_whether_their_volume_and_an_image_still_need_them(machine: str, tmp_path: Path) -> None:
    ec2 = boto3.client("ec2", region_name=REGION)
    kept, deleted = (ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8)["VolumeId"] for _ in range(2))
    of_kept, of_deleted = (ec2.create_snapshot(VolumeId=volume)["SnapshotId"] for volume in (kept, deleted))
    ec2.delete_volume(VolumeId=deleted)
    ec2.create_tags(Resources=[of_kept], Tags=[{"Key": "aws:dlm:lifecycle-policy-id", "Value": "policy-1"}])
    image = ec2.create_image(InstanceId=machine, Name="trainer")["ImageId"]
    (mapping,) = ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"]
    rows = written(inventory("snapshot", "machine_image"), tmp_path)
    assert some(rows[of_kept], "source_id", "is_source_alive", "is_in_use") == (kept, True, False)
    assert some(rows[of_deleted], "source_id", "is_source_alive") == (deleted, False)
    assert rows[of_kept]["attributes"] == {"backup_plan": "Data Lifecycle Manager"}
    assert rows[mapping["Ebs"]["SnapshotId"]]["is_in_use"] is True
    assert rows[image]["attributes"]["snapshot_ids"] == mapping["Ebs"]["SnapshotId"]


def test_an_image_is_in_use_when_a_machine_runs_it_or_a_template_would_start_it(machine: str, tmp_path: Path) -> None:
    ec2 = boto3.client("ec2", region_name=REGION)
    unused, launchable, running = (ec2.create_image(InstanceId=machine, Name=name)["ImageId"] for name in ("unused", "template", "running"))
    ec2.create_launch_template(LaunchTemplateName="trainers", LaunchTemplateData={"ImageId": launchable})
    ec2.run_instances(ImageId=running, MinCount=1, MaxCount=1, InstanceType="m5.large")
    rows = written(inventory("machine_image"), tmp_path)
    assert [rows[image]["is_in_use"] for image in (unused, launchable, running)] == [False, True, True]


def test_addresses_tell_what_they_are_attached_to(machine: str, tmp_path: Path) -> None:
    ec2 = boto3.client("ec2", region_name=REGION)
    used, idle = (ec2.allocate_address(Domain="vpc")["AllocationId"] for _ in range(2))
    ec2.associate_address(AllocationId=used, InstanceId=machine)
    rows = written(inventory("ip_address"), tmp_path)
    assert some(rows[used], "state", "attached_to") == ("in_use", machine)
    assert some(rows[idle], "state", "attached_to") == ("available", None)


@pytest.mark.usefixtures("moto_endpoint")
def test_a_nat_gateway_tells_how_many_routes_lead_to_it(tmp_path: Path) -> None:
    ec2 = boto3.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]
    routed, unrouted = (ec2.create_nat_gateway(SubnetId=subnet["SubnetId"])["NatGateway"]["NatGatewayId"] for _ in range(2))
    table = ec2.create_route_table(VpcId=subnet["VpcId"])["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=routed)
    rows = written(inventory("nat_gateway"), tmp_path)
    assert [rows[gateway]["attributes"] for gateway in (routed, unrouted)] == [{"route_count": "1"}, {"route_count": "0"}]
    assert rows[routed]["created_at"] is not None


@pytest.mark.usefixtures("moto_endpoint")
def test_vpc_endpoints_tell_their_kind(tmp_path: Path) -> None:
    ec2 = boto3.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    kinds = {
        kind: ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType=kind)["VpcEndpoint"][
            "VpcEndpointId"
        ]
        for kind in ("Gateway", "Interface")
    }
    rows = written(inventory("vpc_endpoint"), tmp_path)
    assert rows[kinds["Gateway"]]["attributes"] == {"endpoint_kind": "gateway"}
    assert some(rows[kinds["Interface"]], "attributes", "state") == ({"endpoint_kind": "interface"}, "available")
