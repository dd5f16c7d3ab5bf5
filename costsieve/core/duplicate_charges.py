"""Accounts that two bills deliver: whose charges are kept, and which are left out. Delivered files stay as they are.

A payer's export holds its members' accounts, which may have exports of their own; a CUR and a FOCUS export describe the same account, and
so do the standard and the detailed export of GCP. Adding them would count the account twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from costsieve.contracts.loads import DUPLICATE_CHARGES
from costsieve.contracts.table import Table
from costsieve.sql_files import model_sql, statement
from costsieve.warehouse import Connection, query, replace_frame

type _Row = Mapping[str, Any]

_SAME_ACCOUNT = {
    "aws_cur": """
        bill.x_source = left_out.source
        AND bill.bill_payer_account_id = left_out.billing_account_id
        AND bill.line_item_usage_account_id = left_out.sub_account_id
        AND bill.bill_billing_period_start_date = CAST(left_out.billing_month || '-01' AS TIMESTAMP)""",
    "gcp_billing": """
        bill.x_source = left_out.source
        AND bill.billing_account_id = left_out.billing_account_id
        AND coalesce(bill.project_id, '') = coalesce(left_out.sub_account_id, '')
        AND bill.invoice_month = replace(left_out.billing_month, '-', '')""",
    "focus": """
        bill.x_source = left_out.source
        AND bill."BillingAccountId" = left_out.billing_account_id
        AND coalesce(bill."SubAccountId", '') = coalesce(left_out.sub_account_id, '')
        AND date_trunc('month', bill."BillingPeriodStart") = CAST(left_out.billing_month || '-01' AS TIMESTAMP)""",
}
"""What ties a row of a raw view to what is left out of it; views have the names of their source types."""

_ACCOUNT = itemgetter("billing_account_id", "sub_account_id", "billing_month")


def record_duplicate_charges(connection: Connection) -> int:
    """Replace meta.duplicate_charges by what the current loads deliver more than once; return its row count.

    Of the sources that deliver one account and month, the one with most rows of it is kept; then the provider's own bill before one made
    into FOCUS, which lacks net costs and attributed fees; then the one whose bill has most accounts, then most rows, then the first by
    name. A source that begins where another ends, as when a GCP export moves to another dataset, is kept beside it. Run it before the raw
    views are made, inside the same transaction.
    """
    rows = sorted(query(connection, model_sql("core/repeated_accounts")).iter_rows(named=True), key=_ACCOUNT)
    left_out = [row for _, account in groupby(rows, key=_ACCOUNT) for row in _left_out(list(account))]
    return replace_frame(connection, DUPLICATE_CHARGES, pl.DataFrame(left_out, schema=DUPLICATE_CHARGES.polars_schema()))


def without_duplicates(connection: Connection, table: Table, select: str) -> str:
    """Return the SELECT of a raw view without what meta.duplicate_charges names; unchanged where it names nothing of these sources."""
    if connection.execute(statement("core/count_exclusions.sql"), {"source_type": table.name}).fetchall() == [(0,)]:
        return select
    return f"SELECT * FROM ({select}) AS bill ANTI JOIN meta.duplicate_charges AS left_out ON {_SAME_ACCOUNT[table.name]}"  # noqa: S608 - a view takes no parameters; the condition is a constant


def _left_out(account: Sequence[_Row]) -> Iterator[dict[str, Any]]:
    """Return the rows of one account and month that another source is kept for."""
    kept: list[_Row] = []
    for rows in sorted(_by_source(account), key=lambda rows: _rank(rows[0])):
        instead = next((other["source"] for other in kept if _overlap(other, rows[0])), None)
        if instead is None:
            kept.append(rows[0])
        else:
            yield from (_described(row, instead) for row in rows)


def _by_source(account: Sequence[_Row]) -> Iterator[list[_Row]]:
    for _, rows in groupby(sorted(account, key=itemgetter("source", "period", "currency")), key=itemgetter("source")):
        yield list(rows)


def _rank(row: _Row) -> tuple[int, bool, int, int, str]:
    return (-row["account_rows"], row["is_focus"], -row["bill_accounts"], -row["bill_rows"], row["source"])


def _overlap(one: _Row, other: _Row) -> bool:
    """Tell whether both describe the same usage; a source that begins on the day on which the other ends goes on where that one stopped.

    Unknown days overlap: counting an account twice is the worse mistake.
    """
    spans = [(row["first_usage_on"], row["last_usage_on"]) for row in (one, other)]
    if any(None in span for span in spans):
        return True
    (first, end), (begin, last) = sorted(spans)
    return not (first < begin and end < last and begin >= end)


def _described(row: _Row, kept_source: str) -> dict[str, Any]:
    named = {name: row[name] for name in DUPLICATE_CHARGES.column_names if name in row}
    accounts = {name: row[name] or None for name in ("billing_account_id", "sub_account_id")}
    return {**named, **accounts, "kept_source": kept_source}
