"""Sums over the files of a bill exactly as they were delivered: what every later stage has to agree with. No cost is interpreted here."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from costsieve import sql_files
from costsieve.contracts.meta import LOAD_TOTALS
from costsieve.errors import UnreadableExport

_STATEMENTS = {"aws_cur": "sources/aws_cur_totals.sql", "gcp_billing": "sources/gcp_billing_totals.sql"}
_COLUMNS = ("billing_account_id", "sub_account_id", "currency", "charge_type", "row_count", "billed_cost")
_NAMED = {
    "aws_cur": {"currency": "line_item_currency_code", "charge_type": "line_item_line_item_type"},
    "gcp_billing": {"currency": "currency", "charge_type": "cost_type"},
}


def control_totals(connection: duckdb.DuckDBPyConnection, source_type: str, files: Sequence[Path], shown_as: str) -> pl.DataFrame:
    """Return rows and billed cost per account, sub account, currency and charge type; no rows for what is no bill.

    Raises UnreadableExport, naming the delivery as ``shown_as``, when values are damaged, are no numbers, or lack a currency or type.
    """
    schema = {name: type_ for name, type_ in LOAD_TOTALS.polars_schema().items() if name in _COLUMNS}
    if source_type not in _STATEMENTS or not files:
        return pl.DataFrame(schema=schema)
    sql = sql_files.statement(_STATEMENTS[source_type])
    try:
        totals: pl.DataFrame = connection.sql(sql, params={"files": [str(file) for file in files]}).pl()
    except duckdb.Error as error:
        message = f"{shown_as} could not be summed: {str(error).splitlines()[0]} Deliver it again; nothing of this delivery was loaded."
        raise UnreadableExport(message) from error
    _require_values(totals, source_type, shown_as)
    return totals.select(_COLUMNS)


def _require_values(totals: pl.DataFrame, source_type: str, shown_as: str) -> None:
    for column, delivered in _NAMED[source_type].items():
        without = totals.filter(pl.col(column).is_null())["row_count"].sum()
        if without:
            message = f"{shown_as}: {without} rows have no {delivered}, so their cost cannot be told apart. Nothing of it was loaded."
            raise UnreadableExport(message)
