"""Whether each role may make each call that inventory and metrics need, in each region. Calls are dry runs where AWS offers them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from botocore.exceptions import ClientError

from costsieve.diagnosis.observation import Observation, tried
from costsieve.errors import SourceError
from costsieve.sources.aws.sessions import AwsAccount, accounts, explained
from costsieve.sources.permissions import permissions_of

_GRANTED_DRY_RUN = "DryRunOperation"


def account_observations(source: str, source_type: str, regions: Sequence[str], roles: Sequence[str]) -> Iterator[Observation]:
    """Try every permission of this source type, role by role and region by region."""
    for role in roles or (None,):
        try:
            (account,) = accounts([role] if role else [])
        except SourceError as error:
            yield Observation(source, source_type, "sts:AssumeRole" if role else "credentials", "failed", str(error))
            continue
        if role:
            yield Observation(source, source_type, "sts:AssumeRole", "ok", f"granted: {role}")
        for region in regions:
            yield from _in_region(source, source_type, account, region)


def _in_region(source: str, source_type: str, account: AwsAccount, region: str) -> Iterator[Observation]:
    calls = _calls(account, region)
    for permission in permissions_of(source_type):
        if permission.permission not in calls:
            continue
        service = permission.permission.split(":", 1)[0]
        point = f"{permission.permission} in {region} ({account.account_id})"
        yield tried(source, source_type, point, _asked(service, region, account, calls[permission.permission]))


def _asked(service: str, region: str, account: AwsAccount, call: Callable[[], object]) -> Callable[[], None]:
    """Explain a refusal; a dry run answers with an error of its own when it would have been allowed."""

    def ask() -> None:
        with explained(service, region, account.shown_as):
            try:
                call()
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") != _GRANTED_DRY_RUN:
                    raise

    return ask


def _calls(account: AwsAccount, region: str) -> dict[str, Callable[[], object]]:
    ec2, cloudwatch = account.ec2(region), account.cloudwatch(region)
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return {
        "ec2:DescribeInstances": lambda: ec2.describe_instances(DryRun=True),
        "ec2:DescribeVolumes": lambda: ec2.describe_volumes(DryRun=True),
        "ec2:DescribeSnapshots": lambda: ec2.describe_snapshots(OwnerIds=["self"], DryRun=True),
        "ec2:DescribeImages": lambda: ec2.describe_images(Owners=["self"], DryRun=True),
        "cloudwatch:ListMetrics": lambda: cloudwatch.list_metrics(Namespace="CWAgent", RecentlyActive="PT3H"),
        "cloudwatch:GetMetricData": lambda: cloudwatch.get_metric_data(
            MetricDataQueries=[
                {
                    "Id": "one",
                    "MetricStat": {"Metric": {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization"}, "Period": 3600, "Stat": "Average"},
                }
            ],
            StartTime=now - timedelta(hours=1),
            EndTime=now,
        ),
    }
