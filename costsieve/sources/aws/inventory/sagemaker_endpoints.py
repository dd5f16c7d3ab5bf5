"""SageMaker inference endpoints with their variants and floors, and models. Invocations are in CloudWatch."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from costsieve.sources.aws.inventory.place import VANISHED, Place, unless_refused
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, snake, utc
from costsieve.sources.aws.inventory.tags import tags_by_arn, tags_for

if TYPE_CHECKING:
    from mypy_boto3_sagemaker.type_defs import DescribeEndpointConfigOutputTypeDef, DescribeEndpointOutputTypeDef, ModelSummaryTypeDef

type _Bounds = Mapping[str, tuple[int, int]]
"""Fewest and most instances by variant, as Application Auto Scaling names it: `endpoint/<name>/variant/<variant>`."""


def endpoints(place: Place) -> "list[DescribeEndpointOutputTypeDef]":
    """Return all endpoints, with the instances that run now."""
    names = [each["EndpointName"] for each in place.listed("sagemaker", "list_endpoints", "Endpoints")]
    described = [place.asked_if_any("sagemaker", "describe_endpoint", VANISHED, EndpointName=name) for name in names]
    return [each for each in described if each]


def configuration(place: Place, name: str) -> "DescribeEndpointConfigOutputTypeDef":
    """Return the configuration of an endpoint: its variants and their machines."""
    configured: DescribeEndpointConfigOutputTypeDef = place.asked("sagemaker", "describe_endpoint_config", EndpointConfigName=name)
    return configured


def _endpoint_rows(place: Place) -> Sequence[Row]:
    tags = tags_by_arn(place, "sagemaker")
    bounds = unless_refused(lambda: _bounds(place))
    rows = []
    for described in endpoints(place):
        configured = configuration(place, described["EndpointConfigName"])
        rows.append(_endpoint(described, configured, bounds) | {"tags": tags_for(tags, described["EndpointArn"])})
    return rows


def _endpoint(described: "DescribeEndpointOutputTypeDef", configured: "DescribeEndpointConfigOutputTypeDef", bounds: _Bounds | None) -> Row:
    variants: list[Any] = [*configured["ProductionVariants"], *configured.get("ShadowProductionVariants", [])]
    on_instances = [variant for variant in variants if "ServerlessConfig" not in variant]
    types = {variant.get("InstanceType") for variant in on_instances}
    running = _running(described)
    fewest, most = _capacity(described["EndpointName"], on_instances, running, bounds)
    return {
        "resource_id": described["EndpointArn"].lower(),
        "resource_name": described["EndpointName"],
        "resource_type": "inference_endpoint",
        "state": snake(described["EndpointStatus"]),
        "instance_type": types.pop() if len(types) == 1 else None,
        "instance_count": sum(running.get(variant["VariantName"], 0) for variant in on_instances),
        "created_at": utc(described["CreationTime"]),
        "attributes": attributes(
            variant_count=len(on_instances),
            is_asynchronous="AsyncInferenceConfig" in configured,
            is_serverless=not on_instances,
            model_names=sorted({variant["ModelName"] for variant in variants if "ModelName" in variant}),
            minimum_capacity=fewest,
            maximum_capacity=most,
        ),
    }


def _running(described: "DescribeEndpointOutputTypeDef") -> dict[str, int]:
    variants: list[Any] = [*described.get("ProductionVariants", []), *described.get("ShadowProductionVariants", [])]
    return {variant["VariantName"]: variant.get("CurrentInstanceCount", 0) for variant in variants}


def _capacity(name: str, variants: Sequence[Any], running: Mapping[str, int], bounds: _Bounds | None) -> tuple[int | None, int | None]:
    """Add up the fewest and most instances of all variants; one that is not scaled has the number that runs.

    Unknown where Application Auto Scaling may not be asked and SageMaker itself does not scale the variant.
    """
    found: list[tuple[int, int] | None] = []
    for variant in variants:
        managed = variant.get("ManagedInstanceScaling", {})
        fixed = running.get(variant["VariantName"], 0)
        if managed.get("Status") == "ENABLED":
            found.append((managed.get("MinInstanceCount", fixed), managed.get("MaxInstanceCount", fixed)))
        else:
            found.append(None if bounds is None else bounds.get(f"endpoint/{name}/variant/{variant['VariantName']}", (fixed, fixed)))
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        return None, None
    return sum(fewest for fewest, _ in known), sum(most for _, most in known)


def _bounds(place: Place) -> _Bounds:
    targets = place.listed("application-autoscaling", "describe_scalable_targets", "ScalableTargets", ServiceNamespace="sagemaker")
    of_variants = [each for each in targets if each["ScalableDimension"] == "sagemaker:variant:DesiredInstanceCount"]
    return {each["ResourceId"]: (each["MinCapacity"], each["MaxCapacity"]) for each in of_variants}


def _model_rows(place: Place) -> Sequence[Row]:
    models = place.listed("sagemaker", "list_models", "Models")
    tags = tags_by_arn(place, "sagemaker")
    served = unless_refused(lambda: _served_models(place)) if models else set()
    return [_model(place, model, served) | {"tags": tags_for(tags, model["ModelArn"])} for model in models]


def _served_models(place: Place) -> set[str]:
    configurations = {described["EndpointConfigName"] for described in endpoints(place)}
    variants = [each for name in sorted(configurations) for each in configuration(place, name)["ProductionVariants"]]
    return {variant["ModelName"] for variant in variants if "ModelName" in variant}


def _model(place: Place, model: "ModelSummaryTypeDef", served: set[str] | None) -> Row:
    described = unless_refused(lambda: place.asked_if_any("sagemaker", "describe_model", VANISHED, ModelName=model["ModelName"])) or {}
    return {
        "resource_id": model["ModelArn"].lower(),
        "resource_name": model["ModelName"],
        "resource_type": "model",
        "is_in_use": None if served is None else model["ModelName"] in served,
        "created_at": utc(model["CreationTime"]),
        "attributes": attributes(artefact_location=described.get("PrimaryContainer", {}).get("ModelDataUrl")),
    }


LISTERS = (
    Lister("sagemaker", "inference_endpoint", _endpoint_rows),
    Lister("sagemaker", "model", _model_rows),
)
