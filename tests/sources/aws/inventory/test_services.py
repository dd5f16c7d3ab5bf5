"""Databases, load balancers, buckets, logs and repositories, in the columns of the contract. AWS is moto's server."""

import json
from pathlib import Path

import boto3
import pytest

from tests.sources.aws.written_inventory import ACCOUNT, REGION, inventory, some, written

OLD_ONES_GO = {
    "rulePriority": 1,
    "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14},
    "action": {"type": "expire"},
}
MANIFEST = {
    "schemaVersion": 2,
    "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
    "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 100, "digest": "sha256:0"},
    "layers": [],
}
pytestmark = pytest.mark.usefixtures("moto_endpoint")


def test_a_database_is_listed_by_its_arn_with_engine_and_size(tmp_path: Path) -> None:
    boto3.client("rds").create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.m5.large",
        Engine="postgres",
        AllocatedStorage=100,
        MasterUsername="owner",
        MasterUserPassword="not-a-password",
        MultiAZ=True,
        Tags=[{"Key": "team", "Value": "shop"}],
    )
    row = written(inventory("database"), tmp_path)[f"arn:aws:rds:{REGION}:{ACCOUNT}:db:orders"]
    assert some(row, "resource_name", "state", "instance_type", "size_gib") == ("orders", "available", "db.m5.large", 100.0)
    assert some(row["attributes"], "engine", "is_multi_az", "is_read_replica") == ("postgres", "true", "false")
    assert row["tags"] == {"team": "shop"}


def test_a_database_snapshot_tells_whether_its_database_still_exists(tmp_path: Path) -> None:
    rds = boto3.client("rds")
    for name in ("kept", "gone"):
        rds.create_db_instance(DBInstanceIdentifier=name, DBInstanceClass="db.m5.large", Engine="postgres", AllocatedStorage=20)
        rds.create_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=f"{name}-2026")
    rds.delete_db_instance(DBInstanceIdentifier="gone", SkipFinalSnapshot=True)
    rows = written(inventory("database_snapshot"), tmp_path)
    kept, gone = (rows[f"arn:aws:rds:{REGION}:{ACCOUNT}:snapshot:{name}-2026"] for name in ("kept", "gone"))
    assert some(kept, "source_id", "is_source_alive") == (f"arn:aws:rds:{REGION}:{ACCOUNT}:db:kept", True)
    assert gone["is_source_alive"] is False
    assert kept["attributes"] == {"engine": "postgres", "snapshot_type": "manual"}


def test_load_balancers_tell_how_many_targets_they_have(tmp_path: Path) -> None:
    ec2, balancing = boto3.client("ec2"), boto3.client("elbv2")
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:2]]
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    machine = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    used, empty = (
        balancing.create_load_balancer(Name=name, Subnets=subnets, Type="application")["LoadBalancers"][0]["LoadBalancerArn"]
        for name in ("used", "empty")
    )
    group = balancing.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
    balancing.create_listener(LoadBalancerArn=used, Protocol="HTTP", Port=80, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    balancing.register_targets(TargetGroupArn=group, Targets=[{"Id": machine}])
    balancing.add_tags(ResourceArns=[used], Tags=[{"Key": "team", "Value": "shop"}])
    rows = written(inventory("load_balancer"), tmp_path)
    assert some(rows[used]["attributes"], "load_balancer_kind", "target_count", "healthy_target_count") == ("application", "1", "1")
    assert rows[empty]["attributes"]["target_count"] == "0"
    assert some(rows[used], "state", "tags") == ("active", {"team": "shop"})


def test_a_classic_load_balancer_is_listed_by_the_arn_that_the_bill_has(tmp_path: Path) -> None:
    boto3.client("elb").create_load_balancer(
        LoadBalancerName="old",
        Listeners=[{"Protocol": "http", "LoadBalancerPort": 80, "InstancePort": 8080}],
        AvailabilityZones=[f"{REGION}a"],
    )
    row = written(inventory("load_balancer"), tmp_path)[f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/old"]
    assert row["attributes"] == {"load_balancer_kind": "classic", "target_count": "0", "healthy_target_count": "0"}


def test_buckets_tell_versioning_and_what_their_rules_do(tmp_path: Path) -> None:
    s3 = boto3.client("s3")
    for name in ("kept", "plain"):
        s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket="kept", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket="kept", Tagging={"TagSet": [{"Key": "team", "Value": "vision"}]})
    s3.put_bucket_lifecycle_configuration(
        Bucket="kept",
        LifecycleConfiguration={
            "Rules": [
                {"ID": "1", "Status": "Enabled", "Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
                {"ID": "2", "Status": "Disabled", "Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
                {
                    "ID": "3",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "raw/"},
                    "Transitions": [{"Days": 0, "StorageClass": "INTELLIGENT_TIERING"}],
                },
            ]
        },
    )
    rows = written(inventory("bucket"), tmp_path)
    rules = ("has_lifecycle", "expires_noncurrent_versions", "aborts_incomplete_uploads", "intelligent_tiering")
    assert some(rows["kept"]["attributes"], "versioning", *rules) == ("enabled", "true", "true", "false", "true")
    assert some(rows["plain"]["attributes"], "versioning", *rules) == ("disabled", "false", "false", "false", "false")
    assert (rows["kept"]["tags"], rows["plain"]["tags"]) == ({"team": "vision"}, {})


def test_uploads_that_were_never_completed_are_added_up(tmp_path: Path) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="models")
    upload = s3.create_multipart_upload(Bucket="models", Key="checkpoint.pt")["UploadId"]
    for number in (1, 2):
        s3.upload_part(Bucket="models", Key="checkpoint.pt", UploadId=upload, PartNumber=number, Body=b"x" * 1000)
    attributes = written(inventory("bucket"), tmp_path)["models"]["attributes"]
    assert attributes["incomplete_upload_bytes"] == "2000"
    assert "incomplete_upload_started_at" in attributes


def test_a_bucket_belongs_to_its_own_region(tmp_path: Path) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="home")
    s3.create_bucket(Bucket="abroad", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    rows = written(inventory("bucket", regions=("eu-west-1", REGION)), tmp_path)
    assert {name: row["region"] for name, row in rows.items()} == {"home": REGION, "abroad": "eu-west-1"}


def test_log_groups_tell_how_long_they_keep_what(tmp_path: Path) -> None:
    logs = boto3.client("logs")
    for name in ("kept", "forever"):
        logs.create_log_group(logGroupName=name)
    logs.put_retention_policy(logGroupName="kept", retentionInDays=30)
    rows = written(inventory("log_group"), tmp_path)
    kept, forever = (rows[f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"]["attributes"] for name in ("kept", "forever"))
    assert (kept["retention_days"], forever["retention_days"], forever["stored_bytes"]) == ("30", "never", "0")


def test_repositories_tell_their_images_and_whether_old_ones_are_deleted(tmp_path: Path) -> None:
    ecr = boto3.client("ecr")
    arns = {name: ecr.create_repository(repositoryName=name)["repository"]["repositoryArn"] for name in ("kept", "growing")}
    ecr.put_lifecycle_policy(repositoryName="kept", lifecyclePolicyText=json.dumps({"rules": [OLD_ONES_GO]}))
    ecr.put_image(repositoryName="growing", imageManifest=json.dumps(MANIFEST), imageTag="v1")
    rows = written(inventory("container_repository"), tmp_path)
    kept, growing = (rows[arns[name]]["attributes"] for name in ("kept", "growing"))
    assert (kept["has_lifecycle"], kept["image_count"]) == ("true", "0")
    assert some(growing, "has_lifecycle", "image_count", "untagged_image_count") == ("false", "1", "0")
