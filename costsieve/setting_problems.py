"""What is wrong with a configuration file, in the words of that file. What is right is in costsieve.settings."""

from typing import TYPE_CHECKING

from pydantic import ValidationError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_COMPLAINTS = {
    "extra_forbidden": "there is no such setting",
    "missing": "is missing",
    "union_tag_not_found": "`type` is missing, such as type: aws_cur",
    "tuple_type": "must be a list, as in [a, b]",
    "string_type": 'must be text; a number stands in quotes, as in "012345678901"',
    "dict_type": "must hold settings, as in name: value",
    "date_from_datetime_parsing": "must be a day, as in 2026-09-30",
    "model_type": "must hold settings, as in name: value",
    "model_attributes_type": "must hold settings, as in name: value",
}
"""Instead of the validator's own words, where those speak of Python."""

_FORMS = {
    "name": "must be of lower-case letters, digits and dashes, as in org-bill",
    "currency": "must be three capital letters, as in USD",
    "webhook": "must be an address, as in https://chat.example.com/hooks/finops",
    "memory_limit": "must be a size, as in 1200MB or 2GB",
    "period": "must be a month or a day, as in 2026-09 or 2026-09-30",
}
"""Instead of the pattern that a setting does not match."""


def problems(error: ValidationError) -> str:
    """Name every wrong setting and what is wrong with it; entries of a list count from 1."""
    return "; ".join(f"{_place(each['loc'])}: {_complaint(each)}" for each in error.errors())


def _place(location: tuple[int | str, ...]) -> str:
    is_source_field = location[:1] == ("sources",) and len(location) > 2
    parts = (*location[:2], *location[3:]) if is_source_field else location  # the third part repeats the source's type
    return ", ".join(f"entry {part + 1}" if isinstance(part, int) else part for part in parts) or "the file"


def _complaint(problem: "ErrorDetails") -> str:
    if problem["type"] == "union_tag_invalid":
        return f"there is no type {problem['ctx']['tag']}; the types are {problem['ctx']['expected_tags'].replace("'", '')}"
    if problem["type"] == "string_pattern_mismatch":
        return f"{problem['input']!r} {_FORMS[str(problem['loc'][-1])]}"
    return _COMPLAINTS.get(problem["type"]) or problem["msg"].removeprefix("Value error, ")
