"""The raw views: every current bill file in the lake under the contract's names and types. No cost meaning is given here."""

from costsieve.allocation_settings import Dimension
from costsieve.contracts import raw
from costsieve.contracts.table import Column, Table
from costsieve.core.alike import alike
from costsieve.core.allocation_tags import aws_tag, gcp_lists, gcp_tag, map_tag
from costsieve.core.aws_report import as_map, aws_column
from costsieve.core.delivered import Delivered
from costsieve.core.duplicate_charges import without_duplicates
from costsieve.core.focus_rows import LABEL_LISTS, focus_column
from costsieve.core.gcp_export import gcp_column
from costsieve.home import Home
from costsieve.money import MONEY
from costsieve.settings import Allocation
from costsieve.warehouse import Connection

_FOLDERS = {"x_source": '"source"', "x_period": '"period"'}
_SOURCE_TYPES = {raw.AWS_CUR: "aws_cur", raw.GCP_BILLING: "gcp_billing", raw.FOCUS: "focus"}
_OTHER_TYPED = ("tags", "discount", *LABEL_LISTS)
_FLATTEN = {raw.AWS_CUR: aws_column, raw.GCP_BILLING: gcp_column, raw.FOCUS: focus_column}
_TEXT_MAPS = ("tags", "resource_tags", "cost_category")
_ROW_TAGS = "tags_of_the_row"


def create_raw_views(connection: Connection, home: Home, allocation: Allocation) -> None:
    """Create raw.aws_cur, raw.gcp_billing and raw.focus over the files of the current loads in meta.loads.

    Every contract column is there under its declared type, null where no delivered file has it. ``x_source`` and ``x_period`` come from
    the folder names, so a filter on them leaves the other files unread. Paths are absolute: the published copy works from anywhere.
    """
    dimensions = {f"delivered_{name}": dimension for name, dimension in allocation.dimensions.items()}
    for table, source_type in _SOURCE_TYPES.items():
        files = _current_files(connection, home, source_type)
        groups = alike(files, {*table.column_names, *_OTHER_TYPED})
        body = " UNION ALL ".join(_view_over(connection, table, group, dimensions) for group in groups) or _empty_view(table)
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
        connection.execute(f"CREATE OR REPLACE VIEW {table.full_name} AS {body}")


def _current_files(connection: Connection, home: Home, source_type: str) -> list[str]:
    rows = connection.execute(
        "SELECT unnest(files) AS file FROM meta.loads WHERE is_current AND source_type = $source_type ORDER BY source, period, file",
        {"source_type": source_type},
    ).fetchall()
    return [str((home.root / file).resolve()) for (file,) in rows]


def _view_over(connection: Connection, table: Table, files: list[str], dimensions: dict[str, Dimension]) -> str:
    names = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    options = "union_by_name = true, hive_partitioning = true"
    folder_types = "hive_types = {'source': VARCHAR, 'period': VARCHAR, 'version': VARCHAR}"
    relation = f"read_parquet([{names}], {options}, {folder_types})"
    delivered = _delivered(connection, relation)
    relation = f"(SELECT *{_maps(delivered, table)} FROM {relation})"  # noqa: S608 - columns of contracts
    delivered = _delivered(connection, relation)
    columns = ", ".join(
        f'{_tag(delivered, table, dimensions[c.name]) if c.name in dimensions else _expression(delivered, table, c)} AS "{c.name}"'
        for c in table.columns
    )
    body = f"SELECT {columns} FROM {relation}"  # noqa: S608 - a view takes no parameters; names come from contracts, paths from the lake
    return without_duplicates(connection, table, body)


def _delivered(connection: Connection, relation: str) -> Delivered:
    described = connection.sql(f"FROM {relation} LIMIT 0")
    return Delivered(dict(zip(described.columns, described.types, strict=True)))


def _maps(delivered: Delivered, table: Table) -> str:
    """Make what allocation tags are looked up in, once for each row: every dimension looks several spellings up."""
    if table is raw.FOCUS:
        tags = next(column for column in table.columns if column.name == "Tags")
        return f", {_expression(delivered, table, tags)} AS {_ROW_TAGS}"
    if table is raw.GCP_BILLING:
        return "".join(f", {expression} AS {name}" for name, expression in gcp_lists(delivered).items())
    texts = [name for name in _TEXT_MAPS if table is raw.AWS_CUR and str(delivered.types.get(name)) == "VARCHAR"]
    return f" REPLACE ({', '.join(f'{as_map(delivered, name)} AS {name}' for name in texts)})" if texts else ""


def _tag(delivered: Delivered, table: Table, dimension: Dimension) -> str:
    if table is raw.AWS_CUR:
        return aws_tag(delivered, dimension)
    return gcp_tag(delivered, dimension) if table is raw.GCP_BILLING else map_tag(_ROW_TAGS, dimension)


def _expression(delivered: Delivered, table: Table, contract: Column) -> str:
    if contract.name in _FOLDERS:
        return _FOLDERS[contract.name]
    expression = _FLATTEN[table](delivered, contract.name, contract.type)
    # A blank amount in a delivered row is no amount; a column that is missing altogether was refused when the bill was landed.
    return f"coalesce({expression}, 0)" if contract.type == MONEY and not contract.nullable else expression


def _empty_view(table: Table) -> str:
    columns = ", ".join(f'CAST(NULL AS {c.type}) AS "{c.name}"' for c in table.columns)
    return f"SELECT {columns} WHERE false"
