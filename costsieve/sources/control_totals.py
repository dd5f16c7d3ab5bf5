"""Sums over the files of a bill exactly as they were delivered: what every later stage has to agree with. No cost is interpreted here."""

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from costsieve import sql_files
from costsieve.contracts.loads import LOAD_TOTALS
from costsieve.errors import UnreadableExport

_STATEMENTS = {
    "aws_cur": "sources/aws_cur_totals.sql",
    "gcp_billing": "sources/gcp_billing_totals.sql",
    "focus": "sources/focus_totals.sql",
}
_COLUMNS = tuple(name for name in LOAD_TOTALS.column_names if name not in ("source", "period", "version"))
_NAMED = {
    "aws_cur": {"currency": "line_item_currency_code", "charge_type": "line_item_line_item_type"},
    "gcp_billing": {"currency": "currency", "charge_type": "cost_type"},
    "focus": {
        "billing_account_id": "BillingAccountId",
        "billing_month": "BillingPeriodStart",
        "currency": "BillingCurrency",
        "charge_type": "ChargeCategory",
    },
}


def control_totals(connection: duckdb.DuckDBPyConnection, source_type: str, files: Sequence[Path], shown_as: str) -> pl.DataFrame:
    """Return rows and billed cost per account, invoice, currency and charge type; no rows for what is no bill.

    Raises UnreadableExport, naming the delivery as ``shown_as``, when values are damaged, are no numbers, or lack a currency or type.
    """
    if source_type not in _STATEMENTS or not files:
        return pl.DataFrame(schema={name: LOAD_TOTALS.polars_schema()[name] for name in _COLUMNS})
    try:
        totals = _summed(connection, source_type, [str(file) for file in files])
    except duckdb.Error as error:
        message = f"{shown_as} could not be summed: {_reason(error)}. Deliver it again; nothing of this delivery was loaded."
        raise UnreadableExport(message) from error
    _require_values(totals, source_type, shown_as)
    return totals.select(_COLUMNS)


def _reason(error: duckdb.Error) -> str:
    said = str(error).splitlines()[0].rstrip(".")
    not_finite = re.search(r'string "(-?(?:nan|inf)\w*)"', said)
    return f"a cost is {not_finite[1]}, which is no amount" if not_finite else said


def _summed(connection: duckdb.DuckDBPyConnection, source_type: str, files: Sequence[str]) -> pl.DataFrame:
    sql = sql_files.statement(_STATEMENTS[source_type])
    if source_type != "focus":
        together: pl.DataFrame = connection.sql(sql, params={"files": files}).pl()
        return together
    # Read together, files that carry amounts as DECIMAL, as DOUBLE and as text would all be read as the least exact of these.
    by_file: pl.DataFrame = pl.concat([connection.sql(sql, params={"files": [file]}).pl() for file in files])
    sums = pl.col("row_count", "billed_cost").sum()
    keys = [name for name in _COLUMNS if name not in ("row_count", "billed_cost", "first_usage_on", "last_usage_on")]
    totals = by_file.group_by(keys).agg(sums, pl.col("first_usage_on").min(), pl.col("last_usage_on").max())
    return totals.with_columns(pl.col("billed_cost").cast(LOAD_TOTALS.polars_schema()["billed_cost"]))


def _require_values(totals: pl.DataFrame, source_type: str, shown_as: str) -> None:
    for column, delivered in _NAMED[source_type].items():
        without = totals.filter(pl.col(column).is_null() | (pl.col(column) == ""))["row_count"].sum()
        if without:
            message = f"{shown_as}: {without} rows have no {delivered}, so their cost cannot be told apart. Nothing of it was loaded."
            raise UnreadableExport(message)
