"""What the delivered files of a bill contain, and how one of their fields becomes a contract column. No provider is known here."""

from collections.abc import Mapping
from dataclasses import dataclass

from duckdb.sqltypes import DuckDBPyType

from costsieve.money import exact_decimal


@dataclass(frozen=True)
class Delivered:
    """Names and types of the delivered columns, over all files."""

    types: Mapping[str, DuckDBPyType]

    def type_of(self, path: str) -> DuckDBPyType | None:
        """Return the type of a dotted path such as ``invoice.month``; None where no file has it. Lists are looked through."""
        first, *rest = path.split(".")
        found = self.types.get(first)
        for name in rest:
            found = _fields(found).get(name) if found is not None else None
        return found


def column(delivered: Delivered, path: str, declared_type: str) -> str:
    """Return the SQL for one contract column: the delivered field under its declared type, or a typed null."""
    found = delivered.type_of(path)
    if found is None:
        return f"CAST(NULL AS {declared_type})"
    field = ".".join(f'"{part}"' for part in path.split("."))
    if str(found) == "TIMESTAMP WITH TIME ZONE":
        # A plain cast would follow the time zone of whoever reads the view.
        return f"timezone('UTC', {field})"
    if str(found).replace(" ", "") == declared_type.replace(" ", ""):
        return field
    if found.id == "double" and declared_type.startswith("DECIMAL"):
        return exact_decimal(field, declared_type)
    # Rates of CUR 2.0 are text even in Parquet, and blank where there is none.
    value = f"nullif({field}, '')" if str(found) == "VARCHAR" else field
    return f"CAST({value} AS {declared_type})"


def _fields(type_: DuckDBPyType) -> dict[str, DuckDBPyType]:
    children = {name: child for name, child in type_.children if isinstance(child, DuckDBPyType)} if type_.id in {"list", "struct"} else {}
    return _fields(children["child"]) if type_.id == "list" else children
