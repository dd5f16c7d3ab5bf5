"""SQL that reads a delivered FOCUS value under its declared type, whatever the provider wrote it as. What the values mean is in sql/core.

Providers differ in small ways: the text `NULL` stands for no value, times come with and without offset, tags as a map, as JSON text, as a
list of key and value, or as one field per key.
"""

from duckdb.sqltypes import DuckDBPyType

from costsieve.money import exact_decimal

TAGS = "MAP(VARCHAR, VARCHAR)"
NULL_TEXT = "NULL"

_OFFSET = ":\\d\\d.*[+-]\\d\\d(:?\\d\\d)?$"
_TEXTS = {"varchar", "json"}


def read_value(column: str, delivered: DuckDBPyType, declared_type: str) -> str:
    """Return the SQL of ``column`` (quoted) under its declared type: blank and `NULL` texts are null.

    A number or time that cannot be read is an error; a text that holds no tags is null.
    """
    if declared_type == TAGS:
        return read_tags(column, delivered)
    if str(delivered) == "TIMESTAMP WITH TIME ZONE":
        # A plain cast would follow the time zone of whoever reads the view.
        return f"timezone('UTC', {column})"
    if delivered.id in _TEXTS:
        return _from_text(_text(column), declared_type)
    if delivered.id == "double" and declared_type.startswith("DECIMAL"):
        return exact_decimal(column, declared_type)
    same = str(delivered).replace(" ", "") == declared_type.replace(" ", "")
    return column if same else f"CAST({column} AS {declared_type})"


def read_tags(column: str, delivered: DuckDBPyType) -> str:
    """Return the SQL of a map; of a repeated key the first value counts, null where there are no tags to be read."""
    if delivered.id == "map":
        return column if str(delivered) == TAGS else f"CAST({column} AS {TAGS})"
    if delivered.id in _TEXTS:
        return _tags_of_text(_text(column))
    if delivered.id == "list" and is_key_and_value(delivered):
        return _first_by_key(tag_entries(column))
    if delivered.id == "struct":
        entries = f"map_entries(CAST(to_json({column}) AS {TAGS}))"
        return f"map_from_entries(list_filter({entries}, lambda entry: entry.value IS NOT NULL))"
    return f"CAST(NULL AS {TAGS})"


def is_key_and_value(delivered: DuckDBPyType) -> bool:
    """Tell whether a type is a list of records with a key and a value, as Google exports labels."""
    if delivered.id != "list":
        return False
    record = dict(delivered.children)["child"]
    return isinstance(record, DuckDBPyType) and record.id == "struct" and {"key", "value"} <= {name.lower() for name, _ in record.children}


def tag_entries(column: str) -> str:
    """Return the SQL of the entries of a list of records with a key and a value."""
    entries = f"list_transform({column}, lambda tag: {{'key': CAST(tag.key AS VARCHAR), 'value': CAST(tag.value AS VARCHAR)}})"
    return f"list_filter({entries}, lambda entry: entry.key IS NOT NULL)"


def merged_tags(columns: list[str]) -> str:
    """Return the SQL of one map of several lists of key and value; of a repeated key the first list that has it counts."""
    lists = [f"coalesce({tag_entries(column)}, [])" for column in columns]
    return _first_by_key(" || ".join(lists))


def _text(column: str) -> str:
    return f"nullif(nullif({column}, ''), '{NULL_TEXT}')"


def _from_text(text: str, declared_type: str) -> str:
    if declared_type == "TIMESTAMP":
        # A cast to TIMESTAMP would drop the offset, one to TIMESTAMPTZ would read plain times in the time zone of the reader.
        at_offset = f"timezone('UTC', CAST({text} AS TIMESTAMPTZ))"
        return f"CASE WHEN regexp_matches({text}, '{_OFFSET}') THEN {at_offset} ELSE CAST({text} AS TIMESTAMP) END"
    return text if declared_type == "VARCHAR" else f"CAST({text} AS {declared_type})"


def _tags_of_text(text: str) -> str:
    """Read a JSON object, a JSON list of key and value, or Azure's object without braces."""
    braced = f"CASE WHEN {text} LIKE '\"%' THEN concat('{{', {text}, '}}') ELSE {text} END"
    json = f"TRY_CAST(CASE WHEN json_valid({braced}) THEN {braced} ELSE {_escaped(braced)} END AS JSON)"
    records = f'CAST({json} AS STRUCT(key VARCHAR, "value" VARCHAR)[])'
    return (
        f"CASE WHEN json_type({json}) = 'OBJECT' THEN coalesce(TRY(CAST({json} AS {TAGS})), {_distinct_keys(json)})"
        f" WHEN json_type({json}) = 'ARRAY' THEN TRY({_first_by_key(tag_entries(records))}) END"
    )


def _escaped(text: str) -> str:
    """Escape control characters, which tag values may hold and JSON may not; rare ones become the replacement character."""
    escaped = text
    for code, letter in ((10, "n"), (13, "r"), (9, "t")):
        escaped = f"replace({escaped}, chr({code}), '\\{letter}')"
    return f"regexp_replace({escaped}, '[\\x01-\\x1f]', chr(65533), 'g')"


def _distinct_keys(json: str) -> str:
    """Read an object that repeats a key, which a map refuses."""
    pointer = "concat('/', replace(replace(key, '~', '~0'), '/', '~1'))"
    entry = f"{{'key': key, 'value': json_extract_string({json}, {pointer})}}"
    return f"map_from_entries(list_transform(list_distinct(json_keys({json})), lambda key: {entry}))"


def _first_by_key(entries: str) -> str:
    keys = f"list_transform({entries}, lambda entry: entry.key)"
    return f"map_from_entries(list_filter({entries}, lambda entry, place: list_position({keys}, entry.key) = place))"
