"""Tags of what its own API lists without them, from the Resource Groups Tagging API: a hundred resources a call."""

from collections.abc import Mapping

from costsieve.sources.aws.inventory.place import Place, unless_refused
from costsieve.sources.aws.inventory.rows import tags_of


def tags_by_arn(place: Place, service: str) -> Mapping[str, dict[str, str]] | None:
    """Return the tags of all tagged resources of one service, by ARN in lower case; None where they may not be read.

    A resource that never had a tag is not among them.
    """
    asked = unless_refused(
        lambda: place.listed(
            "resourcegroupstaggingapi", "get_resources", "ResourceTagMappingList", ResourceTypeFilters=[service], ResourcesPerPage=100
        )
    )
    return None if asked is None else {each["ResourceARN"].lower(): tags_of(each) for each in asked}


def tags_for(tags: Mapping[str, dict[str, str]] | None, arn: str) -> dict[str, str] | None:
    """Return the tags of one resource: none where all are known and it has none, None where they are unknown."""
    return None if tags is None else tags.get(arn.lower(), {})
