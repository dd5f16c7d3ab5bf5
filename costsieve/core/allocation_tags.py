"""Allocation settings -> the SQL that reads each dimension's tag from a delivered row. What the values mean is in sql/core/charges."""

import re
from collections.abc import Iterable, Iterator

from costsieve.core.delivered import Delivered
from costsieve.settings import Dimension

DIMENSIONS = ("team", "project", "environment", "owner", "cost_center")
"""Names of the allocation dimensions: `delivered_<name>` in raw views, `x_<name>` in the cost basis."""


def aws_tag(delivered: Delivered, dimension: Dimension) -> str:
    """Return the SQL of a dimension's tag in a Cost and Usage Report: in AWS's normalised spelling, else as the user spelled it."""
    return _first(lookup for key in dimension.tags for lookup in _aws_lookups(delivered, key))


def map_tag(tags: str, dimension: Dimension) -> str:
    """Return the SQL of a dimension's tag in ``tags``, an expression of type MAP."""
    return _first(_entry(tags, spelling) for key in dimension.tags for spelling in spellings(key))


def spellings(key: str) -> tuple[str, ...]:
    """Return how a tag key is commonly spelled, as configured first: `cost_center`, `CostCenter`, `cost-center`, `Cost Center`, ..."""
    words = _words(key)
    titles = [word.capitalize() for word in words]
    common = ["_".join(words), "-".join(words), "".join(titles), words[0] + "".join(titles[1:]), " ".join(titles), "_".join(words).upper()]
    return tuple(dict.fromkeys([key, *common]))


def _aws_lookups(delivered: Delivered, key: str) -> Iterator[str]:
    normalised = f"user_{'_'.join(_words(key))}"
    if _is_map(delivered, "resource_tags"):
        yield _entry("resource_tags", normalised)
    if f"resource_tags_{normalised}" in delivered.types:
        yield f"nullif(\"resource_tags_{normalised}\", '')"
    if _is_map(delivered, "tags"):
        yield from (_entry("tags", f"resourceTags/user:{spelling}") for spelling in spellings(key))


def _is_map(delivered: Delivered, column: str) -> bool:
    found = delivered.type_of(column)
    return found is not None and found.id == "map"


def _entry(tags: str, key: str) -> str:
    quoted = key.replace("'", "''")
    return f"nullif({tags}['{quoted}'], '')"


def _first(lookups: Iterable[str]) -> str:
    return f"coalesce({', '.join([*lookups, 'CAST(NULL AS VARCHAR)'])})"


def _words(key: str) -> list[str]:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key).replace("_", " ").replace("-", " ").lower().split()
