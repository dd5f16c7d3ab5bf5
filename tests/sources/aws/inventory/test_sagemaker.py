"""SageMaker's jobs, endpoints, models and notebooks, in the columns of the contract. AWS is moto's server."""

from pathlib import Path

import boto3
import pytest

from tests.sources.aws.written_inventory import ACCOUNT, REGION, inventory, some, written

pytestmark = pytest.mark.usefixtures("moto_endpoint")

ROLE = f"arn:aws:iam::{ACCOUNT}:role/sagemaker"
ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"


def test_a_training_job_tells_machines_limits_and_where_its_artefacts_lie(tmp_path: Path) -> None:
    """The emulator gives birth to completed jobs; the name is written in lower case, as the bill has it."""
    boto3.client("sagemaker").create_training_job(
        TrainingJobName="Fit-Ranker",
        AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
        RoleArn=ROLE,
        OutputDataConfig={"S3OutputPath": "s3://ml-models/fit"},
        ResourceConfig={"InstanceType": "ml.g5.2xlarge", "InstanceCount": 2, "VolumeSizeInGB": 50},
        StoppingCondition={"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200},
        EnableManagedSpotTraining=True,
        CheckpointConfig={"S3Uri": "s3://ml-models/checkpoints"},
    )
    row = written(inventory("training_job"), tmp_path)[f"{ARN}:training-job/fit-ranker"]
    assert some(row, "resource_name", "state", "instance_type", "instance_count", "stop_condition_seconds", "size_gib") == (
        *("Fit-Ranker", "completed", "ml.g5.2xlarge", 2, 3600, 50.0),
    )
    assert some(row["attributes"], "is_spot", "max_wait_seconds", "checkpoint_location", "secondary_status") == (
        *("true", "7200", "s3://ml-models/checkpoints", "Completed"),
    )
    assert {"ended_at", "output_location"} <= set(row["attributes"])


def test_a_transform_job_has_machines_and_no_limit(tmp_path: Path) -> None:
    boto3.client("sagemaker").create_transform_job(
        TransformJobName="score",
        ModelName="rank",
        TransformInput={"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://ml-datasets/in"}}},
        TransformOutput={"S3OutputPath": "s3://ml-datasets/out"},
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    )
    row = written(inventory("transform_job"), tmp_path)[f"{ARN}:transform-job/score"]
    assert some(row, "instance_type", "instance_count", "stop_condition_seconds") == ("ml.m5.large", 1, None)
    assert row["attributes"]["output_location"] == "s3://ml-datasets/out"


def _endpoint(name: str) -> None:
    sagemaker = boto3.client("sagemaker")
    for model in ("rank", "unused"):
        sagemaker.create_model(
            ModelName=model,
            ExecutionRoleArn=ROLE,
            PrimaryContainer={"Image": "pytorch:2", "ModelDataUrl": f"s3://ml-models/{model}/model.tar.gz"},
        )
    sagemaker.create_endpoint_config(
        EndpointConfigName="config",
        ProductionVariants=[
            {"VariantName": "blue", "ModelName": "rank", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 2},
            {"VariantName": "green", "ModelName": "rank", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1},
        ],
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName="config")


def test_an_endpoint_tells_its_variants_models_and_floor(tmp_path: Path) -> None:
    """Variant blue is scaled between 1 and 5; green is not, and stays at its one instance."""
    _endpoint("Ranker")
    scaling = boto3.client("application-autoscaling")
    scaling.register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId="endpoint/Ranker/variant/blue",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=1,
        MaxCapacity=5,
    )
    row = written(inventory("inference_endpoint"), tmp_path)[f"{ARN}:endpoint/ranker"]
    assert some(row, "resource_name", "state", "instance_type", "instance_count") == ("Ranker", "in_service", "ml.m5.xlarge", 3)
    assert row["attributes"] == {
        "variant_count": "2",
        "is_asynchronous": "false",
        "is_serverless": "false",
        "model_names": "rank",
        "minimum_capacity": "2",
        "maximum_capacity": "6",
    }


def test_a_model_is_in_use_when_an_endpoint_serves_it(tmp_path: Path) -> None:
    _endpoint("ranker")
    rows = written(inventory("model"), tmp_path)
    assert {row["resource_name"]: row["is_in_use"] for row in rows.values()} == {"rank": True, "unused": False}


def test_a_model_tells_where_its_artefact_lies(tmp_path: Path) -> None:
    _endpoint("ranker")
    row = written(inventory("model"), tmp_path)[f"{ARN}:model/unused"]
    assert row["attributes"] == {"artefact_location": "s3://ml-models/unused/model.tar.gz"}


def test_a_stopped_notebook_tells_since_when_and_that_nothing_stops_it_by_itself(tmp_path: Path) -> None:
    sagemaker = boto3.client("sagemaker")
    sagemaker.create_notebook_instance(NotebookInstanceName="lab", InstanceType="ml.t3.medium", RoleArn=ROLE, VolumeSizeInGB=20)
    sagemaker.stop_notebook_instance(NotebookInstanceName="lab")
    row = written(inventory("notebook"), tmp_path)[f"{ARN}:notebook-instance/lab"]
    assert some(row, "state", "instance_type", "size_gib") == ("stopped", "ml.t3.medium", 20.0)
    assert row["attributes"]["idle_shutdown_minutes"] == "never"
    assert "stopped_at" in row["attributes"]
