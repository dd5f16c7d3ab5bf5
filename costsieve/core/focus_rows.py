"""How delivered FOCUS columns become those of raw.focus: their names without case, their values in declared types. No cost meaning."""

from costsieve.core.delivered import Delivered
from costsieve.sources.focus.values import is_key_and_value, merged_tags, read_value

LABEL_LISTS = ("x_Labels", "x_ProjectLabels", "x_Tags")
"""Where Google's FOCUS export has what other providers have in Tags. Labels of the resource win over those of its project, and these over
tags of the resource manager, as in its other exports."""


def focus_column(delivered: Delivered, name: str, declared_type: str) -> str:
    """Return the SQL for one column of raw.focus: the delivered one under its declared type, or a typed null.

    Athena writes column names in lower case; SQL does not tell them apart.
    """
    types = {column.lower(): type_ for column, type_ in delivered.types.items()}
    found = types.get(name.lower())
    if found is not None:
        return read_value(f'"{name}"', found, declared_type)
    lists = [f'"{column}"' for column in LABEL_LISTS if column.lower() in types and is_key_and_value(types[column.lower()])]
    return merged_tags(lists) if name == "Tags" and lists else f"CAST(NULL AS {declared_type})"
