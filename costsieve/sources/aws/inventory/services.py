"""Every lister of the inventory. A service is added by a module with its LISTERS, and its name here."""

from costsieve.sources.aws.inventory import (
    auto_scaling,
    bedrock,
    ec2_instances,
    ec2_network,
    ec2_storage,
    ecr,
    load_balancers,
    logs,
    rds,
    s3,
    sagemaker_endpoints,
    sagemaker_features,
    sagemaker_jobs,
    sagemaker_workspaces,
)
from costsieve.sources.aws.inventory.rows import Lister

LISTERS: tuple[Lister, ...] = (
    *ec2_instances.LISTERS,
    *auto_scaling.LISTERS,
    *ec2_storage.LISTERS,
    *ec2_network.LISTERS,
    *load_balancers.LISTERS,
    *rds.LISTERS,
    *s3.LISTERS,
    *sagemaker_jobs.LISTERS,
    *sagemaker_endpoints.LISTERS,
    *sagemaker_workspaces.LISTERS,
    *sagemaker_features.LISTERS,
    *bedrock.LISTERS,
    *logs.LISTERS,
    *ecr.LISTERS,
)
