"""The smallest call that needs each permission of inventory and metrics, and its parameters. Nothing is asked here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore import xform_name

from costsieve.sources.aws.inventory.place import Place
from costsieve.sources.permissions import permissions_of

GRANTED = (
    "DryRunOperation",
    "AccessPointNotFound",
    "LoadBalancerNotFound",
    "NoSuchLifecycleConfiguration",
    "NoSuchTagSet",
    "NoSuchUpload",
    "RepositoryNotFoundException",
    "ResourceNotFound",
    "ResourceNotFoundException",
    "TargetGroupNotFound",
    "ValidationException",
)
"""What AWS answers after it has looked whether the call is allowed: a dry run would have worked, or there is no such thing."""

_ABSENT = "costsieve-doctor"
"""Name of something that nobody has: what is described by its name is asked for by this one."""

_SERVICES = {"elasticloadbalancing": "elbv2", "tag": "resourcegroupstaggingapi"}
_SERVICES_OF = {"elasticloadbalancing:DescribeInstanceHealth": "elb"}
_BALANCER = f"loadbalancer/net/{_ABSENT}/0123456789abcdef"
_TARGETS = f"targetgroup/{_ABSENT}/0123456789abcdef"
_DRY: dict[str, Any] = {"DryRun": True}
_ONE_PAGE: dict[str, Any] = {"MaxRecords": 20}
_ONE: dict[str, Any] = {"MaxResults": 1}
_CPU = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization"}

_PARAMETERS: dict[str, dict[str, Any]] = {
    "ec2:DescribeInstances": _DRY,
    "ec2:DescribeInstanceTypes": _DRY,
    "ec2:DescribeVolumes": _DRY,
    "ec2:DescribeSnapshots": {"OwnerIds": ["self"], **_DRY},
    "ec2:DescribeImages": {"Owners": ["self"], **_DRY},
    "ec2:DescribeLaunchTemplateVersions": {"Versions": ["$Default"], **_DRY},
    "ec2:DescribeAddresses": _DRY,
    "ec2:DescribeNatGateways": _DRY,
    "ec2:DescribeRouteTables": _DRY,
    "ec2:DescribeVpcEndpoints": _DRY,
    "autoscaling:DescribeAutoScalingGroups": _ONE_PAGE,
    "autoscaling:DescribeLaunchConfigurations": _ONE_PAGE,
    "elasticloadbalancing:DescribeLoadBalancers": {"PageSize": 1},
    "elasticloadbalancing:DescribeTargetGroups": {"PageSize": 1},
    "elasticloadbalancing:DescribeInstanceHealth": {"LoadBalancerName": _ABSENT},
    "rds:DescribeDBInstances": _ONE_PAGE,
    "rds:DescribeDBClusters": _ONE_PAGE,
    "rds:DescribeDBSnapshots": _ONE_PAGE,
    "rds:DescribeDBClusterSnapshots": _ONE_PAGE,
    "s3:ListAllMyBuckets": {"MaxBuckets": 1},
    "sagemaker:ListTrainingJobs": _ONE,
    "sagemaker:ListProcessingJobs": _ONE,
    "sagemaker:ListTransformJobs": _ONE,
    "sagemaker:ListEndpoints": _ONE,
    "sagemaker:ListNotebookInstances": _ONE,
    "sagemaker:ListApps": _ONE,
    "sagemaker:ListDomains": _ONE,
    "sagemaker:ListFeatureGroups": _ONE,
    "sagemaker:ListModels": _ONE,
    "sagemaker:DescribeTrainingJob": {"TrainingJobName": _ABSENT},
    "sagemaker:DescribeProcessingJob": {"ProcessingJobName": _ABSENT},
    "sagemaker:DescribeTransformJob": {"TransformJobName": _ABSENT},
    "sagemaker:DescribeEndpoint": {"EndpointName": _ABSENT},
    "sagemaker:DescribeEndpointConfig": {"EndpointConfigName": _ABSENT},
    "sagemaker:DescribeNotebookInstance": {"NotebookInstanceName": _ABSENT},
    "sagemaker:DescribeApp": {"DomainId": "d-costsieve", "SpaceName": _ABSENT, "AppType": "JupyterLab", "AppName": "default"},
    "sagemaker:DescribeSpace": {"DomainId": "d-costsieve", "SpaceName": _ABSENT},
    "sagemaker:DescribeDomain": {"DomainId": "d-costsieve"},
    "sagemaker:DescribeFeatureGroup": {"FeatureGroupName": _ABSENT},
    "sagemaker:DescribeModel": {"ModelName": _ABSENT},
    "application-autoscaling:DescribeScalableTargets": {"ServiceNamespace": "sagemaker", **_ONE},
    "bedrock:ListProvisionedModelThroughputs": {"maxResults": 1},
    "logs:DescribeLogGroups": {"limit": 1},
    "ecr:DescribeRepositories": {"maxResults": 1},
    "ecr:DescribeImages": {"repositoryName": _ABSENT, "maxResults": 1},
    "ecr:GetLifecyclePolicy": {"repositoryName": _ABSENT},
    "tag:GetResources": {"ResourcesPerPage": 1},
    "cloudwatch:ListMetrics": {"Namespace": "CWAgent", "RecentlyActive": "PT3H"},
}
_OF_A_BUCKET: dict[str, dict[str, Any]] = {
    "s3:GetBucketTagging": {},
    "s3:GetBucketVersioning": {},
    "s3:GetLifecycleConfiguration": {},
    "s3:ListBucketMultipartUploads": {"MaxUploads": 1},
    "s3:ListMultipartUploadParts": {"Key": _ABSENT, "UploadId": _ABSENT, "MaxParts": 1},
    "s3:GetMetricsConfiguration": {},
}
"""S3 tells who may not do something only of a bucket that exists."""


@dataclass(frozen=True)
class Call:
    """One call of one service of boto3; ``without`` says what is lost where it is refused, None where the source cannot do without."""

    permission: str
    service: str
    operation: str
    parameters: dict[str, Any] | None
    without: str | None


def calls(place: Place, source_type: str, bucket: str | None) -> Iterator[Call]:
    """Return the calls of one source type, in the order of its permissions; ``parameters`` is None where they need a ``bucket``."""
    for permission in permissions_of(source_type):
        name = permission.permission
        if name != "sts:AssumeRole":
            service = _SERVICES_OF.get(name) or _SERVICES.get(name.partition(":")[0], name.partition(":")[0])
            yield Call(name, service, xform_name(permission.calls[0]), _parameters(place, name, bucket), permission.without)


def _parameters(place: Place, permission: str, bucket: str | None) -> dict[str, Any] | None:
    if permission in _OF_A_BUCKET:
        return {"Bucket": bucket, **_OF_A_BUCKET[permission]} if bucket else None
    match permission:
        case "elasticloadbalancing:DescribeTags":
            return {"ResourceArns": [place.arn("elasticloadbalancing", _BALANCER)]}
        case "elasticloadbalancing:DescribeTargetHealth":
            return {"TargetGroupArn": place.arn("elasticloadbalancing", _TARGETS)}
        case "cloudwatch:GetMetricData":
            return _one_metric()
        case _:
            return _PARAMETERS[permission]


def _one_metric() -> dict[str, Any]:
    until = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    query = {"Id": "one", "MetricStat": {"Metric": _CPU, "Period": 3600, "Stat": "Average"}}
    return {"MetricDataQueries": [query], "StartTime": until - timedelta(hours=1), "EndTime": until}
