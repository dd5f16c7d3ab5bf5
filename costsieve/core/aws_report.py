"""How the columns of the AWS reports, legacy and CUR 2.0, become those of raw.aws_cur. What they cost is in sql/core."""

from collections.abc import Mapping

from costsieve.core.delivered import Delivered, column

_MAP = "MAP(VARCHAR, VARCHAR)"
_FALLBACKS = {
    "product_region_code": ("product_region",),
    "capacity_reservation_capacity_reservation_arn": ("capacity_reservation_capacity_reservation_a_r_n",),
}
_FLAT_PREFIXES = {"resource_tags": "resource_tags_", "cost_category": "cost_category_", "product": "product_", "discount": "discount_"}
_USER_TAG = "^resourceTags/(user:)?"
_NORMALISED_USER_TAG = "^user_"


def aws_column(delivered: Delivered, name: str, declared_type: str) -> str:
    """Return the SQL for one column of raw.aws_cur.

    Maps come as maps, as JSON text, or as flat columns of a legacy report. Tag keys are as the user spelled them where the export has
    `tags`, else in AWS's normalised spelling; `user:` is left out, other prefixes stay. A product attribute that is no column of the
    export is looked up in its map, and the region has an older name in legacy reports.
    """
    if name == "resource_tags":
        return _tags(delivered)
    if name in _FLAT_PREFIXES:
        return _map(delivered, name) or f"CAST(NULL AS {declared_type})"
    spellings = (name, *_FALLBACKS.get(name, ()))
    found = [column(delivered, spelling, declared_type) for spelling in spellings if delivered.type_of(spelling) is not None]
    if name.startswith("product_"):
        found += _product_attributes(delivered, spellings)
    if len(found) < 2:
        return found[0] if found else column(delivered, name, declared_type)
    return f"coalesce({', '.join(f"nullif({value}, '')" for value in found)})"


def _product_attributes(delivered: Delivered, names: tuple[str, ...]) -> list[str]:
    """Look up attributes in the product map, where it is delivered, that are no column of their own."""
    if "product" not in delivered.types:
        return []
    return [f"{as_map(delivered, 'product')}['{name.removeprefix('product_')}']" for name in names if name not in delivered.types]


def _tags(delivered: Delivered) -> str:
    """Prefer the map of original spellings: the normalised one has fewer keys when two tags differ only by case."""
    normalised = _map(delivered, "resource_tags")
    renamed = _renamed(normalised, _NORMALISED_USER_TAG) if normalised else None
    if "tags" not in delivered.types:
        return renamed or f"CAST(NULL AS {_MAP})"
    original = _renamed(as_map(delivered, "tags"), _USER_TAG)
    return f"CASE WHEN cardinality({original}) > 0 THEN {original} ELSE {renamed or original} END"


def _map(delivered: Delivered, name: str) -> str | None:
    """Return the delivered map, or one of the flat columns that carry its prefix; None where there is neither."""
    if name in delivered.types:
        return as_map(delivered, name)
    prefix = _FLAT_PREFIXES[name]
    flat = [each for each in delivered.types if each.lower().startswith(prefix)]
    return _gathered({each[len(prefix) :]: each for each in flat}) if flat else None


def _gathered(columns: Mapping[str, str]) -> str:
    entries = ", ".join(f"{{'key': {_literal(key)}, 'value': CAST({_quoted(name)} AS VARCHAR)}}" for key, name in columns.items())
    return f"map_from_entries(list_filter([{entries}], lambda entry: entry.value <> ''))"


def as_map(delivered: Delivered, name: str) -> str:
    """Return the SQL of a delivered map column, which is a map or JSON text, as a map of texts."""
    type_ = str(delivered.types[name])
    if type_.startswith("MAP"):
        return _quoted(name) if type_ == _MAP else f"CAST({_quoted(name)} AS {_MAP})"
    return f"CAST(CAST(nullif({_quoted(name)}, '') AS JSON) AS {_MAP})"


def _renamed(tags: str, prefix: str) -> str:
    """Take a prefix off every key and leave blank values out; of keys that become one, the first that has a value counts."""
    entries = (
        f"list_filter(list_transform(map_entries({tags}), lambda entry: "
        f"{{'key': regexp_replace(entry.key, '{prefix}', ''), 'value': entry.value}}), lambda entry: entry.value <> '')"
    )
    keys = f"list_transform({entries}, lambda entry: entry.key)"
    return f"map_from_entries(list_filter({entries}, lambda entry, position: list_position({keys}, entry.key) = position))"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
