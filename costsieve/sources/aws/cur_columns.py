"""Under which names and types the columns of a delivered CSV are landed. No file is read or written here."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from costsieve.contracts import raw
from costsieve.money import MONEY, QUANTITY

_TEXT = "VARCHAR"
_SHORT = "DECIMAL(18,12)"
REPORT_MAPS = {
    "resource_tags": "MAP(VARCHAR, VARCHAR)",
    "tags": "MAP(VARCHAR, VARCHAR)",
    "cost_category": "MAP(VARCHAR, VARCHAR)",
    "product": "MAP(VARCHAR, VARCHAR)",
    "discount": f"MAP(VARCHAR, {MONEY})",
}
"""Columns of CUR 2.0 that are maps; in CSV they are JSON text."""

_NUMBERS = re.compile(
    r"^(?:line_item_(?:(?:net_)?(?:un)?blended_(?:cost|rate)|usage_amount|normalization_factor|normalized_usage_amount)"
    r"|discount_\w+|pricing_public_on_demand_(?:cost|rate)|split_line_item_(?!parent_resource_id)\w+"
    r"|reservation_\w+_(?:cost|fee|fee_for_billing_period|for_usage|value)|savings_plan_\w*(?:commitment|_cost|_rate|to_date|_for_billing_period))$"
)
_CONTRACT = {column.name: column.type for column in raw.AWS_CUR.columns}
_FLAT_TAGS = "resourceTags/"
_FLAT_CATEGORIES = "costCategory/"


@dataclass(frozen=True)
class LandedCsv:
    """How one CSV file is landed.

    Args:
        read_as: unique column names in the order of the header, with the type that each is read as; numbers are read as text first.
        columns: SQL expressions over these, one for each landed column.
        null_texts: what stands for no value, besides nothing.
    """

    read_as: dict[str, str]
    columns: tuple[str, ...]
    null_texts: tuple[str, ...] = ()


def landed_report(header: Sequence[str]) -> LandedCsv:
    """Land a Cost and Usage Report: `lineItem/UsageAmount` becomes `line_item_usage_amount`, as in Parquet and in CUR 2.0.

    Tag columns of a legacy report become `tags`, a map by their own names as in CUR 2.0, and `resource_tags`, a map by AWS's normalised
    keys, in which the first value counts where two keys become one. Other names that become one keep their own in parentheses.
    """
    delivered = dict(zip(_unique(header), header, strict=True))
    tags = {name: its for name, its in delivered.items() if its.startswith(_FLAT_TAGS)}
    categories = {name: its for name, its in delivered.items() if its.startswith(_FLAT_CATEGORIES)}
    landed = _landed_names({name: its for name, its in delivered.items() if name not in {*tags, *categories}})
    columns = [_cast(name, declared_type(landed[name].lower()), landed[name]) for name in landed]
    if tags:
        columns.append(_map(tags, lambda tag: tag, "tags"))
        columns.append(_map(tags, lambda tag: normalised(tag.removeprefix(_FLAT_TAGS)), "resource_tags"))
    if categories:
        columns.append(_map(categories, lambda category: category.removeprefix(_FLAT_CATEGORIES), "cost_category"))
    return LandedCsv({name: _read_type(landed.get(name, "")) for name in delivered}, tuple(columns))


def normalised(name: str) -> str:
    """Spell a column of a CSV report as Parquet reports and CUR 2.0 do: `savingsPlan/SavingsPlanARN` -> `savings_plan_savings_plan_a_r_n`.

    AWS's rule: an underscore before each capital letter, lower case, underscores for everything else, never two in a row.
    """
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"([A-Z])", r"_\1", name).lower()).strip("_")


def declared_type(column: str) -> str:
    """Return the type of a landed report column; what is not known stays text."""
    return REPORT_MAPS.get(column) or _CONTRACT.get(column) or (QUANTITY if _NUMBERS.match(column) else _TEXT)


def _landed_names(delivered: Mapping[str, str]) -> dict[str, str]:
    """Give every column its landed name; the order of the columns does not matter."""
    landed: dict[str, str] = {}
    taken: set[str] = set()
    for name, its in sorted(delivered.items(), key=lambda item: item[1]):
        plain = normalised(its) if "/" in its else its
        landed[name] = plain if plain.lower() not in taken else f"{plain} ({name})"
        taken.add(landed[name].lower())
    return {name: landed[name] for name in delivered}


def _unique(names: Iterable[str]) -> list[str]:
    """Number the repeated ones: DuckDB does not tell column names apart by case."""
    unique: list[str] = []
    taken: set[str] = set()
    for name in names:
        candidate, number = name, 1
        while candidate.lower() in taken:
            number += 1
            candidate = f"{name} {number}"
        unique.append(candidate)
        taken.add(candidate.lower())
    return unique


def _map(columns: Mapping[str, str], key: Callable[[str], str], name: str) -> str:
    """Return one map of the columns that have a value in the row; the first column of a key that has one counts."""
    by_key: dict[str, list[str]] = {}
    for column, delivered in columns.items():
        by_key.setdefault(key(delivered), []).append(_quoted(column))
    entries = ", ".join(f"{{'key': {_literal(each)}, 'value': coalesce({', '.join(of_key)})}}" for each, of_key in by_key.items())
    return f"map_from_entries(list_filter([{entries}], lambda entry: entry.value IS NOT NULL)) AS {_quoted(name)}"


def _cast(read: str, type_: str, landed: str) -> str:
    value = _quoted(read)
    if _is_map(type_):
        value = f"CAST(CAST({value} AS JSON) AS {type_})"
    elif type_ == MONEY:
        value = exact_number(value)
    return f"{value} AS {_quoted(landed)}"


def exact_number(text: str) -> str:
    """Return the SQL that reads the text expression ``text`` as MONEY, to the last digit.

    Amounts below a million fit a machine word and are read twenty times as fast; digits and rounding are the same.
    """
    return f"coalesce(TRY_CAST({text} AS {_SHORT}), CAST({text} AS {MONEY}))"


def _read_type(landed: str) -> str:
    type_ = declared_type(landed.lower())
    return _TEXT if _is_map(type_) or type_ == MONEY else type_


def _is_map(type_: str) -> bool:
    return type_.startswith("MAP")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
