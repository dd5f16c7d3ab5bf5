"""Allocation settings -> the SQL that reads each dimension's tag from a delivered row. What the values mean is in allocation_values.

For one key, the spelling of the configuration wins, then common spellings in a fixed order, then any other spelling of the same words,
the first in alphabetical order. Looking a key up costs a fraction of comparing all keys, which is left to rows where nothing was found.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from costsieve.allocation_settings import Dimension
from costsieve.core.delivered import Delivered

DIMENSIONS = ("team", "project", "environment", "owner", "cost_center")
"""Names of the allocation dimensions: `delivered_<name>` in raw views, `x_<name>` in the cost basis."""

_COST_CATEGORY = "cost_category:"
_USER_PREFIX, _ACCOUNT_PREFIXES = "resourcetagsuser", ("accounttag", "accounttags", "accounttaguser", "accounttagsuser")
_GCP_LISTS = {"labels": "label", "project.labels": "project_label", "tags": "tag"}
_SEPARATORS = "_- .:/"


def aws_tag(delivered: Delivered, dimension: Dimension) -> str:
    """Return the SQL of a dimension's tag in a Cost and Usage Report: resource tags, then account tags, or a cost category."""
    return _first(lookup for key in dimension.tags for lookup in _aws_lookups(delivered, key))


def gcp_lists(delivered: Delivered) -> dict[str, str]:
    """Return the SQL of the keys and values of each list of labels or tags in a GCP export, by the name that gcp_tag knows it by."""
    paths = [path for path in _GCP_LISTS if delivered.type_of(f"{path}.key") is not None]
    fields = {path: ".".join(f'"{part}"' for part in path.split(".")) for path in paths}
    return {
        f"{_GCP_LISTS[path]}_{part}s": f"list_transform({field}, lambda entry: entry.{part})"
        for path, field in fields.items()
        for part in ("key", "value")
    }


def gcp_tag(delivered: Delivered, dimension: Dimension) -> str:
    """Return the SQL of a dimension's tag in a GCP export: the resource's labels, its project's labels, then resource-manager tags."""
    lists = [name for name in _GCP_LISTS.values() if f"{name}_keys" in delivered.types]
    return _first(lookup for key in dimension.tags for name in lists for lookup in _gcp_lookups(name, key))


def map_tag(tags: str, dimension: Dimension) -> str:
    """Return the SQL of a dimension's tag in ``tags``, an expression of type MAP, as FOCUS has them."""
    return _first(lookup for key in dimension.tags for lookup in _map_lookups(tags, key))


def spellings(key: str) -> tuple[str, ...]:
    """Return how a tag key is commonly spelled, as configured first: `cost_center`, `CostCenter`, `cost-center`, `Cost Center`, ..."""
    words = _words(key)
    titles = [word.capitalize() for word in words]
    common = ["_".join(words), "-".join(words), "".join(titles), words[0] + "".join(titles[1:]), " ".join(titles), "_".join(words).upper()]
    return tuple(dict.fromkeys([key, *common]))


def _aws_lookups(delivered: Delivered, key: str) -> Iterator[str]:
    if key.lower().startswith(_COST_CATEGORY):
        yield from _category_lookups(delivered, key[len(_COST_CATEGORY) :])
        return
    name = key.removeprefix("user:")
    if _is_map(delivered, "tags"):
        yield from (_entry("tags", f"resourceTags/user:{spelling}") for spelling in spellings(name))
    if _is_map(delivered, "resource_tags"):
        yield from (_entry("resource_tags", spelling) for spelling in _normalised(name))
    elif _is_map(delivered, "tags"):
        yield _variant("tags", [_USER_PREFIX + _squeezed(name)])
    yield from _columns(delivered, f"resource_tags_user_{'_'.join(_words(name))}", f"resourceTags/user:{name}")
    if _is_map(delivered, "tags"):
        yield _variant("tags", [prefix + _squeezed(name) for prefix in _ACCOUNT_PREFIXES])


def _normalised(name: str) -> Iterator[str]:
    """AWS writes keys of `resource_tags` in lower case with underscores, after a prefix that says whose tags they are."""
    if name.startswith("aws:"):
        yield "_".join(_words(name))
        return
    words = _words(name)
    yield from dict.fromkeys(f"user_{spelling}" for spelling in ("_".join(words), "".join(words)))


def _category_lookups(delivered: Delivered, name: str) -> Iterator[str]:
    if _is_map(delivered, "cost_category"):
        yield from (_entry("cost_category", spelling) for spelling in spellings(name))
        yield _variant("cost_category", [_squeezed(name), f"costcategory{_squeezed(name)}"])
    yield from _columns(delivered, f"cost_category_{'_'.join(_words(name))}", f"costCategory/{name}")


def _columns(delivered: Delivered, *names: str) -> Iterator[str]:
    """Legacy reports have a column for each key: as configured, as AWS normalises it, then other spellings in alphabetical order."""
    squeezed = {_squeezed(name) for name in names}
    found = sorted(column for column in delivered.types if _squeezed(column) in squeezed)
    for column in sorted(found, key=lambda column: column not in names):
        quoted = column.replace('"', '""')
        yield f"nullif(CAST(\"{quoted}\" AS VARCHAR), '')"


def _gcp_lookups(name: str, key: str) -> Iterator[str]:
    """Labels are lower case by rule, so few spellings are possible; tags are as somebody typed them."""
    keys, values = f"{name}_keys", f"{name}_values"
    words = _words(key)
    for spelling in dict.fromkeys((key, "_".join(words), "-".join(words), "".join(words))):
        yield f"nullif({values}[list_position({keys}, {_text(spelling)})], '')"
    if name == _GCP_LISTS["tags"]:
        same = f"list_filter({keys}, lambda key: {_squeezing('key')} = {_text(_squeezed(key))})"
        yield f"CASE WHEN len({keys}) > 0 THEN nullif({values}[list_position({keys}, list_min({same}))], '') END"


def _map_lookups(tags: str, key: str) -> Iterator[str]:
    yield from (_entry(tags, spelling) for spelling in spellings(key))
    yield _variant(tags, [prefix + _squeezed(key) for prefix in ("", "user", _USER_PREFIX)])


def _variant(tags: str, squeezed: Sequence[str]) -> str:
    """Find the key whatever its case and separators; of several such keys with a value, the first in alphabetical order."""
    keys = ", ".join(_text(key) for key in squeezed)
    is_there = f"len(list_filter(map_keys({tags}), lambda key: {_squeezing('key')} IN ({keys}))) > 0"
    same = f"list_filter(map_entries({tags}), lambda entry: {_squeezing('entry.key')} IN ({keys}) AND entry.value <> '')"
    return f"CASE WHEN {is_there} THEN list_min({same}).value END"


def _is_map(delivered: Delivered, column: str) -> bool:
    found = delivered.type_of(column)
    return found is not None and found.id == "map"


def _entry(tags: str, key: str) -> str:
    return f"nullif({tags}[{_text(key)}], '')"


def _first(lookups: Iterable[str]) -> str:
    return f"coalesce({', '.join([*dict.fromkeys(lookups), 'CAST(NULL AS VARCHAR)'])})"


def _words(key: str) -> list[str]:
    return re.sub(r"[^\w]|_", " ", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key)).lower().split() or [key]


def _squeezed(key: str) -> str:
    return key.lower().translate(str.maketrans("", "", _SEPARATORS))


def _squeezing(key: str) -> str:
    return f"translate(lower({key}), '{_SEPARATORS}', '')"


def _text(value: str) -> str:
    return f"'{value.replace("'", "''")}'"
