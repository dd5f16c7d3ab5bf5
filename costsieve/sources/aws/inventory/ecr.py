"""ECR repositories: how many images they hold, how large, and whether some rule deletes old ones."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from costsieve.sources.aws.inventory.place import Place, unless_refused
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, utc
from costsieve.sources.aws.inventory.tags import tags_by_arn, tags_for

if TYPE_CHECKING:
    from mypy_boto3_ecr.type_defs import ImageDetailTypeDef, RepositoryTypeDef


def _rows(place: Place) -> Sequence[Row]:
    repositories = place.listed("ecr", "describe_repositories", "repositories")
    tags = tags_by_arn(place, "ecr:repository")
    return [_row(place, each) | {"tags": tags_for(tags, each["repositoryArn"])} for each in repositories]


def _row(place: Place, repository: "RepositoryTypeDef") -> Row:
    name = repository["repositoryName"]
    images = unless_refused(lambda: place.listed("ecr", "describe_images", "imageDetails", repositoryName=name))
    return {
        "resource_id": repository["repositoryArn"],
        "resource_name": name,
        "resource_type": "container_repository",
        "created_at": utc(repository["createdAt"]),
        "attributes": attributes(
            has_lifecycle=unless_refused(lambda: _has_policy(place, name)), **({} if images is None else _contents(images))
        ),
    }


def _has_policy(place: Place, name: str) -> bool:
    return place.asked_if_any("ecr", "get_lifecycle_policy", ("LifecyclePolicyNotFoundException",), repositoryName=name) is not None


def _contents(images: "Sequence[ImageDetailTypeDef]") -> Mapping[str, object]:
    """Sum the images. Layers that several share are stored once but counted in each, so that the bytes are an upper bound."""
    return {
        "image_count": len(images),
        "untagged_image_count": sum(not image.get("imageTags") for image in images),
        "stored_bytes": sum(image.get("imageSizeInBytes", 0) for image in images),
        "last_pulled_at": max((image["lastRecordedPullTime"] for image in images if "lastRecordedPullTime" in image), default=None),
    }


LISTERS = (Lister("ecr", "container_repository", _rows),)
