"""What is wrong with a configuration file, in the words of that file. What is right is in costsieve.settings."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SETTINGS = "must hold settings, as in name: value"
_LIST = "must be a list, as in [a, b]"
_WHOLE = "must be a whole number"
_NUMBER = "must be a number"
_COMPLAINTS = {
    "missing": "is missing",
    "union_tag_not_found": "`type` is missing, such as type: aws_cur",
    "tuple_type": _LIST,
    "list_type": _LIST,
    "too_short": "must have at least {min_length} entry",
    "string_type": 'must be text; a number stands in quotes, as in "012345678901"',
    "string_too_short": "must not be empty",
    "path_type": "must be the name of a file or folder",
    "dict_type": _SETTINGS,
    "model_type": _SETTINGS,
    "model_attributes_type": _SETTINGS,
    "invalid_key": "the name of a setting must be text",
    "date_type": "must be a day, as in 2026-09-30",
    "date_from_datetime_parsing": "must be a day, as in 2026-09-30",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
"""Instead of the validator's own words, which speak of Python."""

_FORMS = {
    "name": "must be of lower-case letters, digits and dashes, as in org-bill",
    "currency": "must be three capital letters, as in USD",
    "webhook": "must be an address, as in https://chat.example.com/hooks/finops",
    "memory_limit": "must be a size, as in 1200MB or 2GB",
    "maximum_bytes_billed": "must be a whole number of bytes, as in 10737418240",
    "period": "must be a month or a day, as in 2026-09 or 2026-09-30",
    "table": "must be project.dataset.table",
    "regions": "must be AWS regions, as in [us-east-1, eu-central-1]",
    "roles": "must be ARNs of roles, as in arn:aws:iam::111122223333:role/costsieve-read",
    "folders": 'must be numbers of folders in quotes, as in ["123456789012"]',
    "organization": 'must be the number of an organization in quotes, as in "123456789012"',
}
"""What settings of these names look like, instead of what they do not match."""

_UNION = ("int", "decimal", "str")
"""What the validator adds to the place of a value that may be of several types, one complaint for each; the first is shown."""


def problems(error: ValidationError, model: type[BaseModel], whole: str = "the file") -> str:
    """Name every wrong setting of ``model`` and what is wrong with it; entries of a list count from 1."""
    schema = model.model_json_schema()
    told = {_place(each) or whole: _complaint(each, schema) for each in reversed(error.errors())}
    return "; ".join(f"{place}: {complaint}" for place, complaint in reversed(told.items()))


def _place(problem: "ErrorDetails") -> str:
    """Return the settings that lead there, without what the validator adds: the type of a source, of a value, and `params`."""
    parts = list(problem["loc"])
    if parts[:1] == ["sources"]:
        del parts[2:3]
    elif parts[:1] in (["checks"], ["rules"]):
        parts = [part for part in parts if part not in (*_UNION, "params")]
    last = [str(parts.pop())] if problem["type"] == "invalid_key" else []
    return ", ".join([*(f"entry {part + 1}" if isinstance(part, int) else part for part in parts if part != "[key]"), *last])


def _complaint(problem: "ErrorDetails", schema: Mapping[str, Any]) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    field = next((part for part in reversed(problem["loc"]) if isinstance(part, str)), "")
    if kind == "extra_forbidden":
        return f"there is no such setting{_nearest(field, _settings_beside(problem['loc'], schema))}"
    if kind == "union_tag_invalid":
        types = context["expected_tags"].replace("'", "")
        return f"there is no type {context['tag']}; the types are {types}{_nearest(context['tag'], types.split(', '))}"
    if kind == "literal_error":
        known = context["expected"].replace("'", "").replace(" or ", ", ")
        return f"{problem['input']!r} is none of {known}{_nearest(str(problem['input']), known.split(', '))}"
    if field in _FORMS and kind not in ("missing", "value_error", "tuple_type"):
        return f"{problem['input']!r} {_FORMS[field]}"
    return _COMPLAINTS[kind].format(**context) if kind in _COMPLAINTS else problem["msg"].removeprefix("Value error, ")


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _settings_beside(location: tuple[int | str, ...], schema: Mapping[str, Any]) -> list[str]:
    """Return the settings that there are where an unknown one stands: its JSON schema is followed from the top."""
    node: Mapping[str, Any] = _resolved(schema, schema)
    for part in location[:-1]:
        if "discriminator" in node:
            node = {"$ref": node["discriminator"]["mapping"][part]}
        else:
            below = node.get("properties", {}).get(part, node.get("additionalProperties"))
            node = node.get("items", {}) if isinstance(part, int) else below
        node = _resolved(node if isinstance(node, dict) else {}, schema)
    return list(node.get("properties", {}))


def _resolved(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    return found
