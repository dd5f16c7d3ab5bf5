"""Which delivered files can be read as one relation: those whose columns have the same types. No column is interpreted here."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def alike(files: Sequence[str], columns: Collection[str]) -> list[list[str]]:
    """Group files so that none of ``columns`` has two types within a group; columns that a file lacks do no harm.

    A relation over files of several types takes the widest: beside a DOUBLE, every DECIMAL of the other files would lose digits, and a
    map beside a text would be no map any more. Records and lists of them are alike: their fields are united by name.
    """
    watched = {column.lower() for column in columns}
    groups: list[tuple[dict[str, pa.DataType | str], list[str]]] = []
    for file in files:
        types = {field.name.lower(): _compared(field.type) for field in pq.read_schema(Path(file)) if field.name.lower() in watched}
        for known, members in groups:
            if all(known.get(name, type_) == type_ for name, type_ in types.items()):
                known.update(types)
                members.append(file)
                break
        else:
            groups.append((types, [file]))
    return [members for _, members in groups]


def _compared(type_: pa.DataType) -> pa.DataType | str:
    if pa.types.is_struct(type_):
        return "record"
    return "list" if pa.types.is_list(type_) else type_
