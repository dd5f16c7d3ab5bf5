"""What doctor says of AWS accounts: permission by permission, with what is lost without it. AWS is moto's server and real boto3."""

from collections.abc import Mapping

import boto3
import pytest

from costsieve.diagnosis.aws_account import account_observations
from costsieve.diagnosis.observation import Observation
from costsieve.source_settings import AwsInventorySource, CloudWatchSource
from costsieve.sources.permissions import permissions_of
from tests.sources.powerless_user import only_allowed

REGION = "us-east-1"
ESTATE = AwsInventorySource(name="estate", type="aws_inventory", regions=(REGION,))
METRICS = CloudWatchSource(name="metrics", type="cloudwatch", regions=(REGION,))

NOT_EMULATED = {
    "bedrock:ListProvisionedModelThroughputs",
    "sagemaker:DescribeApp",
    "sagemaker:DescribeFeatureGroup",
    "sagemaker:DescribeSpace",
    "sagemaker:ListApps",
    "sagemaker:ListFeatureGroups",
}
"""What moto does not know: it answers these with an internal error."""


def _seen(entry: AwsInventorySource | CloudWatchSource) -> Mapping[str, Observation]:
    return {each.point.split(" ")[0]: each for each in account_observations(entry)}


@pytest.fixture
def bucket(moto_endpoint: str) -> str:
    """The account has a bucket, without which permissions on buckets cannot be tried."""
    boto3.client("s3").create_bucket(Bucket="ml-data")
    return moto_endpoint


@pytest.mark.parametrize("entry", [ESTATE, METRICS], ids=lambda entry: entry.type)
def test_every_declared_permission_is_tried(bucket: str, entry: AwsInventorySource | CloudWatchSource) -> None:
    assert bucket
    declared = [each.permission for each in permissions_of(entry.type) if each.permission != "sts:AssumeRole"]

    assert list(_seen(entry)) == declared


def test_what_may_be_done_is_granted_also_where_there_is_nothing(bucket: str) -> None:
    assert bucket

    assert {permission for permission, each in _seen(ESTATE).items() if each.state != "ok"} == NOT_EMULATED


def test_a_refused_permission_is_named_with_what_is_lost_without_it(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with only_allowed(bucket, ["ec2:DescribeInstances", "s3:ListAllMyBuckets", "sagemaker:ListEndpoints"], monkeypatch):
        seen = _seen(ESTATE)

    assert [permission for permission, each in seen.items() if each.state == "ok"] == [
        "ec2:DescribeInstances",
        "s3:ListAllMyBuckets",
        "sagemaker:ListEndpoints",
    ]
    assert seen["ec2:DescribeSnapshots"].state == "warning"
    assert "Attach a policy that allows ec2:DescribeSnapshots." in seen["ec2:DescribeSnapshots"].finding
    assert seen["ec2:DescribeSnapshots"].finding.endswith("Without it: snapshots are not listed, and the ledger says so.")
    assert "allows sagemaker:DescribeEndpoint." in seen["sagemaker:DescribeEndpoint"].finding
    assert "allows s3:GetBucketTagging." in seen["s3:GetBucketTagging"].finding


def test_what_needs_a_bucket_is_unknown_in_a_region_without_one(moto_endpoint: str) -> None:
    assert moto_endpoint
    seen = _seen(METRICS)["s3:GetMetricsConfiguration"]

    assert (seen.state, seen.finding) == ("unknown", "there is no bucket in this region to try it on")


def test_a_source_that_may_do_nothing_has_failed(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with only_allowed(bucket, [], monkeypatch):
        seen = _seen(ESTATE)

    assert {each.state for each in seen.values()} == {"failed", "unknown"}


def test_a_profile_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nope")

    (only,) = account_observations(METRICS)

    assert (only.point, only.state) == ("credentials", "failed")
    assert "The config profile (nope) could not be found. Mend AWS_PROFILE or ~/.aws." in only.finding


def test_an_address_that_is_none_is_named(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert moto_endpoint
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nonsense")

    (only,) = account_observations(METRICS)

    assert only.state == "failed"
    assert "Invalid endpoint: nonsense. Check the network, the region's name and AWS_ENDPOINT_URL" in only.finding


def test_no_policy_is_advised_where_the_credentials_are_not_known(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with only_allowed(moto_endpoint, [], monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        (only,) = account_observations(METRICS)

    assert "AWS did not accept the default credentials in us-east-1 (InvalidClientTokenId)" in only.finding
    assert "policy" not in only.finding
