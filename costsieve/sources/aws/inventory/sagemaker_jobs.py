"""SageMaker training, processing and transform jobs: those of the look-back, and all that run. Endpoints are in sagemaker_endpoints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from costsieve.sources.aws.inventory.place import VANISHED, Place
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, snake, utc
from costsieve.sources.aws.inventory.tags import tags_by_arn, tags_for

if TYPE_CHECKING:
    from mypy_boto3_sagemaker.type_defs import (
        DescribeProcessingJobResponseTypeDef,
        DescribeTrainingJobResponseTypeDef,
        DescribeTransformJobResponseTypeDef,
    )

_UNFINISHED = ("InProgress", "Stopping")


@dataclass(frozen=True)
class _Kind:
    """How one kind of job is listed: SageMaker's three APIs for them are alike."""

    noun: str
    list_operation: str
    of: str

    def names(self, place: Place) -> Sequence[str]:
        """Return the jobs that began in the look-back, and older ones that have not ended."""
        since = datetime.combine(place.since, time(), tzinfo=UTC)
        listed = place.listed("sagemaker", self.list_operation, self.of, CreationTimeAfter=since)
        running = [each for status in _UNFINISHED for each in place.listed("sagemaker", self.list_operation, self.of, StatusEquals=status)]
        return sorted({each[f"{self.noun}JobName"] for each in [*listed, *running]})


_TRAINING = _Kind("Training", "list_training_jobs", "TrainingJobSummaries")
_PROCESSING = _Kind("Processing", "list_processing_jobs", "ProcessingJobSummaries")
_TRANSFORM = _Kind("Transform", "list_transform_jobs", "TransformJobSummaries")


def _training_rows(place: Place) -> Sequence[Row]:
    tags = tags_by_arn(place, "sagemaker")
    names = _TRAINING.names(place)
    jobs = [place.asked_if_any("sagemaker", "describe_training_job", VANISHED, TrainingJobName=name) for name in names]
    return [_training(job, tags) for job in jobs if job]


def _training(job: "DescribeTrainingJobResponseTypeDef", tags: Mapping[str, dict[str, str]] | None) -> Row:
    condition = job.get("StoppingCondition", {})
    return {
        **_common(job, "training_job", "Training", tags),
        **_machines(job.get("ResourceConfig", {})),
        "stop_condition_seconds": condition.get("MaxRuntimeInSeconds"),
        "attributes": attributes(
            ended_at=job.get("TrainingEndTime"),
            secondary_status=job.get("SecondaryStatus"),
            failure_reason=job.get("FailureReason"),
            is_spot=job.get("EnableManagedSpotTraining", False),
            max_wait_seconds=condition.get("MaxWaitTimeInSeconds"),
            checkpoint_location=job.get("CheckpointConfig", {}).get("S3Uri"),
            training_seconds=job.get("TrainingTimeInSeconds"),
            billable_seconds=job.get("BillableTimeInSeconds"),
            output_location=job.get("ModelArtifacts", {}).get("S3ModelArtifacts") or job.get("OutputDataConfig", {}).get("S3OutputPath"),
        ),
    }


def _processing_rows(place: Place) -> Sequence[Row]:
    tags = tags_by_arn(place, "sagemaker")
    names = _PROCESSING.names(place)
    jobs = [place.asked_if_any("sagemaker", "describe_processing_job", VANISHED, ProcessingJobName=name) for name in names]
    return [_processing(job, tags) for job in jobs if job]


def _processing(job: "DescribeProcessingJobResponseTypeDef", tags: Mapping[str, dict[str, str]] | None) -> Row:
    outputs = [each.get("S3Output", {}).get("S3Uri") for each in job.get("ProcessingOutputConfig", {}).get("Outputs", [])]
    return {
        **_common(job, "processing_job", "Processing", tags),
        **_machines(job.get("ProcessingResources", {}).get("ClusterConfig", {})),
        "stop_condition_seconds": job.get("StoppingCondition", {}).get("MaxRuntimeInSeconds"),
        "attributes": attributes(
            ended_at=job.get("ProcessingEndTime"),
            failure_reason=job.get("FailureReason"),
            output_location=next((uri for uri in outputs if uri), None),
        ),
    }


def _transform_rows(place: Place) -> Sequence[Row]:
    tags = tags_by_arn(place, "sagemaker")
    names = _TRANSFORM.names(place)
    jobs = [place.asked_if_any("sagemaker", "describe_transform_job", VANISHED, TransformJobName=name) for name in names]
    return [_transform(job, tags) for job in jobs if job]


def _transform(job: "DescribeTransformJobResponseTypeDef", tags: Mapping[str, dict[str, str]] | None) -> Row:
    """A transform job has no longest run time of its own."""
    return {
        **_common(job, "transform_job", "Transform", tags),
        **_machines(job.get("TransformResources", {})),
        "attributes": attributes(
            ended_at=job.get("TransformEndTime"),
            failure_reason=job.get("FailureReason"),
            output_location=job.get("TransformOutput", {}).get("S3OutputPath"),
        ),
    }


def _common(job: Any, resource_type: str, noun: str, tags: Mapping[str, dict[str, str]] | None) -> Row:  # noqa: ANN401 - any of the three
    arn = job[f"{noun}JobArn"]
    return {
        "resource_id": arn.lower(),
        "resource_name": job[f"{noun}JobName"],
        "resource_type": resource_type,
        "state": snake(job[f"{noun}JobStatus"]),
        "created_at": utc(job["CreationTime"]),
        "tags": tags_for(tags, arn),
    }


def _machines(resources: Mapping[str, Any]) -> Row:
    """Return type and number of the machines; of a cluster of several types the number alone."""
    groups = resources.get("InstanceGroups") or [resources]
    types = {group.get("InstanceType") for group in groups}
    return {
        "instance_type": types.pop() if len(types) == 1 else None,
        "instance_count": sum(group.get("InstanceCount", 0) for group in groups) or None,
        "size_gib": float(resources["VolumeSizeInGB"]) if "VolumeSizeInGB" in resources else None,
    }


LISTERS = (
    Lister("sagemaker", "training_job", _training_rows),
    Lister("sagemaker", "processing_job", _processing_rows),
    Lister("sagemaker", "transform_job", _transform_rows),
)
