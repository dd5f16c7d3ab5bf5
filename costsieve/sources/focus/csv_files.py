"""Under which types the columns of a FOCUS CSV file are landed. The file itself is read in cur_csv."""

from collections.abc import Sequence

from duckdb.sqltypes import VARCHAR

from costsieve.contracts import raw
from costsieve.errors import UnreadableExport
from costsieve.sources.aws.cur_columns import LandedCsv
from costsieve.sources.focus.values import NULL_TEXT, TAGS, read_tags

_DECLARED = {column.name.lower(): column.type for column in raw.FOCUS.columns}
# Read as TIMESTAMP, a text with an offset would lose it.
_READ_AS = {"TIMESTAMP": "TIMESTAMPTZ", TAGS: "VARCHAR"}


def landed_focus(header: Sequence[str]) -> LandedCsv:
    """Land a FOCUS file under its own names: declared types for the contract's columns, text for all others, `NULL` as null.

    Raises UnreadableExport when two columns have one name, since case does not tell them apart.
    """
    repeated = sorted({name for name in header if [other.lower() for other in header].count(name.lower()) > 1})
    if repeated:
        message = f"The header names {', '.join(repeated)} more than once (upper and lower case count as one). Deliver each column once."
        raise UnreadableExport(message)
    types = {name: _DECLARED.get(name.lower(), "VARCHAR") for name in header}
    columns = tuple(f"{_landed(name, type_)} AS {_quoted(name)}" for name, type_ in types.items())
    return LandedCsv({name: _READ_AS.get(type_, type_) for name, type_ in types.items()}, columns, (NULL_TEXT,))


def _landed(name: str, type_: str) -> str:
    if type_ == TAGS:
        read = read_tags(_quoted(name), VARCHAR)
        refused = f"error(concat('column {name} holds ', substr({_quoted(name)}, 1, 60), ', which is no JSON object'))"
        return f"CASE WHEN {_quoted(name)} IS NOT NULL AND {read} IS NULL THEN {refused} ELSE {read} END"
    return f"timezone('UTC', {_quoted(name)})" if type_ == "TIMESTAMP" else _quoted(name)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
