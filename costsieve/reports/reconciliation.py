"""Reads what was compared with the deliveries and the invoices. Nothing is compared here: costsieve.quality.reconciliation did that."""

from decimal import Decimal

from costsieve.money import to_cents
from costsieve.reports.queries import Row, by_currency, rows
from costsieve.reports.report_reconciliation import Bill, BillMonth, GivenInvoice, LeftOut, MonthViews, Reconciliation
from costsieve.warehouse import Connection

type _Key = tuple[str, str, str]

_COUNTS = ("delivered_rows", "left_out_rows", "core_rows", "daily_rows", "differing")


def read_reconciliation(connection: Connection) -> dict[str, Reconciliation]:
    """Return what was compared in each currency: bills by name, their newest month first."""
    views = {_key(row): _views(row) for row in rows(connection, "month_views")}
    months = by_currency(rows(connection, "reconciled_months"))
    bills = by_currency(rows(connection, "reconciled_bills"))
    invoices = by_currency(rows(connection, "given_invoices"))
    left_out = by_currency(rows(connection, "left_out_charges"))
    return {
        currency: Reconciliation(
            tuple(_bill(bill, months[currency], views) for bill in bills.get(currency, [])),
            tuple(_invoice(row) for row in invoices.get(currency, [])),
            tuple(_left_out(row) for row in left_out.get(currency, [])),
        )
        for currency in {*bills, *invoices, *left_out}
    }


def _key(row: Row) -> _Key:
    return (row["currency"], row["source"], row["billing_month"])


def _bill(bill: Row, months: list[Row], views: dict[_Key, MonthViews]) -> Bill:
    own = [row for row in months if row["source"] == bill["source"]]
    shown = tuple(_month(row, views.get(_key(row))) for row in own)
    return Bill(bill["source"], bill["providers"], bill["account_count"], bill["period_count"], shown)


def _month(row: Row, views: MonthViews | None) -> BillMonth:
    """Where everything agrees, what was left out is rounded so that delivered less left out is what the charges are."""
    delivered, charges, daily = (to_cents(row[column]) for column in ("delivered_cost", "core_cost", "daily_cost"))
    left_out = delivered - charges if not row["differing"] and row["left_out_rows"] else to_cents(row["left_out_cost"])
    return BillMonth(
        billing_month=row["billing_month"],
        **{column: int(row[column]) for column in _COUNTS},
        delivered=delivered,
        left_out=left_out,
        charges=charges,
        daily=daily,
        difference=row["difference"],
        views=views,
    )


def _views(row: Row) -> MonthViews:
    return MonthViews(*(to_cents(row[column]) for column in ("billed", "effective", "net_effective", "list_cost", "usage_month_cost")))


def _invoice(row: Row) -> GivenInvoice:
    named = {name: row[name] for name in ("file_line", "billing_account_id", "billing_month", "invoice_id", "source", "difference")}
    billed: Decimal | None = row["billed_cost"]
    return GivenInvoice(**named, invoice_cost=to_cents(row["invoice_cost"]), billed_cost=None if billed is None else to_cents(billed))


def _left_out(row: Row) -> LeftOut:
    named = {name: row[name] for name in ("source", "kept_source", "account_count", "first_month", "last_month")}
    return LeftOut(**named, row_count=int(row["row_count"]), billed_cost=to_cents(row["billed_cost"]))
