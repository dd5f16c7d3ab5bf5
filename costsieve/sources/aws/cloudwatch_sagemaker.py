"""Series of SageMaker endpoints and jobs. Their CPU and GPU values are sums over all CPUs and GPUs, so that their number must be known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

from costsieve.sources.aws.cloudwatch_dimensions import known_dimensions
from costsieve.sources.aws.cloudwatch_metrics import Dimensions, Shape, utilization_series
from costsieve.sources.aws.cloudwatch_series import Series
from costsieve.sources.aws.inventory.place import VANISHED, Place, unless_refused
from costsieve.sources.aws.inventory.sagemaker_endpoints import configuration, endpoints

_TYPES_PER_FILTER = 200
"""Most values that one filter takes: Amazon EC2 API Reference."""

_ENDPOINTS, _INVOCATIONS = "/aws/sagemaker/Endpoints", "AWS/SageMaker"


@dataclass(frozen=True)
class _Jobs:
    """One kind of job: where its metrics are, how it is described, and where its description tells the machines."""

    namespace: str
    noun: str
    machines: tuple[str, ...]

    def described(self, place: Place, name: str) -> Any:  # noqa: ANN401 - as Place.asked
        names = {f"{self.noun}JobName": name}
        match self.noun:
            case "Training":
                return place.asked_if_any("sagemaker", "describe_training_job", VANISHED, **names)
            case "Processing":
                return place.asked_if_any("sagemaker", "describe_processing_job", VANISHED, **names)
            case _:
                return place.asked_if_any("sagemaker", "describe_transform_job", VANISHED, **names)

    def instance_type(self, job: Mapping[str, Any]) -> str | None:
        """Return the type of its machines; None where they are of several types."""
        resources: Any = job
        for step in self.machines:
            resources = resources.get(step, {})
        found: str | None = resources.get("InstanceType")
        return found

    def series(self, place: Place) -> Iterator[Series]:
        """Give the series of every host that has reported, `<job>/algo-1` or `<job>/<instance>`."""
        hosts = sorted({each["Host"] for _, each in known_dimensions(place, self.namespace) if set(each) == {"Host"}})
        jobs = {name: self.described(place, name) for name in sorted({host.partition("/")[0] for host in hosts})}
        types = {name: self.instance_type(job) for name, job in jobs.items() if job}
        shapes = unless_refused(lambda: shapes_of(place, {each for each in types.values() if each})) or {}
        for host in hosts:
            name = host.partition("/")[0]
            if job := jobs[name]:
                arn, shape = job[f"{self.noun}JobArn"].lower(), shapes.get(types[name] or "")
                yield from utilization_series(place.account.account_id, arn, self.namespace, (("Host", host),), shape)


def training_series(place: Place) -> Iterator[Series]:
    """Give the series of training jobs."""
    return _Jobs("/aws/sagemaker/TrainingJobs", "Training", ("ResourceConfig",)).series(place)


def processing_series(place: Place) -> Iterator[Series]:
    """Give the series of processing jobs."""
    return _Jobs("/aws/sagemaker/ProcessingJobs", "Processing", ("ProcessingResources", "ClusterConfig")).series(place)


def transform_series(place: Place) -> Iterator[Series]:
    """Give the series of batch transform jobs."""
    return _Jobs("/aws/sagemaker/TransformJobs", "Transform", ("TransformResources",)).series(place)


def endpoint_series(place: Place) -> Iterator[Series]:
    """Give requests and utilization of every variant of every endpoint."""
    described = endpoints(place)
    configured = {each["EndpointName"]: configuration(place, each["EndpointConfigName"]) for each in described}
    variants: list[Any] = [variant for each in configured.values() for variant in each["ProductionVariants"]]
    types = {variant["InstanceType"] for variant in variants if "InstanceType" in variant}
    shapes = unless_refused(lambda: shapes_of(place, types)) or {}
    for each in described:
        arn, name = each["EndpointArn"].lower(), each["EndpointName"]
        is_asynchronous = "AsyncInferenceConfig" in configured[name]
        if is_asynchronous:
            yield _processed(place, arn, name)
        for variant in configured[name]["ProductionVariants"]:
            dimensions = (("EndpointName", name), ("VariantName", variant["VariantName"]))
            yield from _variant_series(place.account.account_id, arn, dimensions, variant, is_asynchronous=is_asynchronous)
            if "InstanceType" in variant:
                shape = shapes.get(variant["InstanceType"])
                yield from utilization_series(place.account.account_id, arn, _ENDPOINTS, dimensions, shape)


def _processed(place: Place, arn: str, name: str) -> Series:
    """Asynchronous endpoints count what they processed, and have no Invocations."""
    dimensions = (("EndpointName", name),)
    return Series(place.account.account_id, arn, "invocations", _INVOCATIONS, "InvocationsProcessed", dimensions)


def _variant_series(account_id: str, arn: str, dimensions: Dimensions, variant: Any, *, is_asynchronous: bool) -> Iterator[Series]:  # noqa: ANN401 - a variant as SageMaker describes it
    """Invocations are reported when there are some. A variant on instances reports its CPU all the time, and so bears witness.

    Not of a variant without a model of its own: its inference components count their requests themselves.
    """
    label = dimensions[-1][1]
    if not is_asynchronous:
        yield Series(account_id, arn, "invocations", _INVOCATIONS, "Invocations", dimensions, label=label)
    if "InstanceType" in variant and "ModelName" in variant:
        yield Series(account_id, arn, "invocations", _ENDPOINTS, "CPUUtilization", dimensions, label=label, role="witness")


def shapes_of(place: Place, types: set[str]) -> dict[str, Shape]:
    """Return CPUs and GPUs of machine types of SageMaker, which are those of EC2 with `ml.` before them; unknown ones are left out."""
    described = [
        each
        for some in batched(sorted(each.removeprefix("ml.") for each in types), _TYPES_PER_FILTER, strict=False)
        for each in place.listed(
            "ec2", "describe_instance_types", "InstanceTypes", Filters=[{"Name": "instance-type", "Values": list(some)}]
        )
    ]
    return {
        f"ml.{each['InstanceType']}": Shape(
            each["VCpuInfo"]["DefaultVCpus"], sum(gpu["Count"] for gpu in each.get("GpuInfo", {}).get("Gpus", []))
        )
        for each in described
    }
