"""Whose cost it is, what changed for past days and whether it agrees with the invoice, as Markdown lines."""

from collections.abc import Sequence
from decimal import Decimal

from costsieve.reports import amounts, wording
from costsieve.reports.agreement import invoices_compared
from costsieve.reports.limits import COMPACT_SHOWN, NAME_SHOWN, UNTAGGED_SHOWN, VALUES_SHOWN
from costsieve.reports.markdown_plan import moneys
from costsieve.reports.markdown_text import table, text
from costsieve.reports.report import CurrencyReport
from costsieve.reports.report_allocation import DimensionCosts, ValueCost, cut, in_total
from costsieve.reports.report_reconciliation import BillMonth, Reconciliation
from costsieve.reports.report_restated import NightBridge
from costsieve.reports.visible_text import shortened


def allocation(section: CurrencyReport) -> list[str]:
    """Return the cost of every team in full and the other dimensions in short; all of them add up to the same total."""
    found = section.allocation
    if found is None:
        return []
    teams, *others = found.dimensions
    lines = [f"### Whose cost it is, {amounts.days_of(found.window)}", "", *_values(teams, section.currency, VALUES_SHOWN)]
    lines += _untagged(teams, section.currency)
    for dimension in others:
        lines += _values(dimension, section.currency, COMPACT_SHOWN) if dimension.is_used else []
    return lines


def _values(dimension: DimensionCosts, currency: str, limit: int) -> list[str]:
    named, rest = cut(dimension.values, limit)
    rows = [[name(value.value), *_cells(value, value.total, currency)] for value in named]
    rows += [[f"{len(rest)} more in allocation.csv", *_cells(in_total(rest), in_total(rest).total, currency)]] if rest else []
    rows += [["untagged", *_cells(value, value.total, currency)] for value in dimension.values if value.value is None]
    blank = [""] * (1 + len(dimension.pools))
    rows += [[f"{name(wording.pool_words(pool.pool))}, not split", *blank, *moneys(currency, pool.cost)] for pool in dimension.not_split]
    rows.append(["**All cost**", *(f"**{cell}**" for cell in _cells(in_total(dimension.values), dimension.total, currency))])
    header = [
        wording.dimension_words(dimension.dimension),
        "Own cost",
        *(name(wording.pool_words(pool)) for pool in dimension.pools),
        "Total",
    ]
    tagged = "" if dimension.tagged_share is None else f", {amounts.percent(dimension.tagged_share)} of usage is tagged"
    title = f"#### By {wording.dimension_words(dimension.dimension).lower()}{tagged}"
    return [title, "", *table(header, rows, range(1, len(header)))]


def _cells(value: ValueCost, total: Decimal, currency: str) -> list[str]:
    return moneys(currency, value.direct, *value.shared, total)


def _untagged(dimension: DimensionCosts, currency: str) -> list[str]:
    if not dimension.untagged:
        return []
    rows = [[name(row.account), name(row.service), *moneys(currency, row.untagged_cost)] for row in dimension.untagged[:UNTAGGED_SHOWN]]
    rest = dimension.untagged[UNTAGGED_SHOWN:]
    if rest:
        cost = sum((row.untagged_cost for row in rest), Decimal("0.00"))
        rows.append([f"{len(rest)} more in untagged.csv", "", *moneys(currency, cost)])
    title = f"#### Usage without a {wording.dimension_words(dimension.dimension).lower()}"
    return [title, "", *table(("Account", "Service", "Untagged"), rows, (2,))]


def restated(section: CurrencyReport) -> list[str]:
    """Return the bridges from what earlier nights knew to what is known now."""
    title = ["### What changed for past days", ""]
    found = section.restated
    if found is None:
        return [*title, "This is the first night that keeps what it knows, so there is nothing to compare yet.", ""]
    bridges = [bridge for bridge in (found.since_last_night, found.since_last_week) if bridge and bridge.reasons]
    if not bridges:
        return [*title, "Nothing changed since the last night.", ""]
    return [*title, *(line for bridge in bridges for line in _bridge(bridge, section.currency))]


def _bridge(bridge: NightBridge, currency: str) -> list[str]:
    rows = [["Known then", *moneys(currency, bridge.billed_then, bridge.effective_then)]]
    rows += [
        [text(wording.reason_words(row.reason)), *(_signed(amount, currency) for amount in (row.billed, row.effective))]
        for row in bridge.reasons
    ]
    now = moneys(currency, bridge.billed_now, bridge.effective_now)
    rows.append(["**Known now**", *(f"**{amount}**" for amount in now)])
    night = amounts.long_day(bridge.known_then)
    return [f"Days before {night}, since that night:", "", *table(("", "Billed", "Effective"), rows, (1, 2))]


def _signed(amount: Decimal, currency: str) -> str:
    return amounts.signed_money(amount, currency).replace("$", "\\$")


def reconciliation(section: CurrencyReport) -> list[str]:
    """Return what was delivered, counted and invoiced, month by month."""
    found = section.reconciliation
    if not found.bills:
        return []
    currency = section.currency
    header = ("Bill", "Billing month", "Line items", "Delivered", "Left out", "Charges", "Daily costs", "Difference")
    rows = [[name(bill.source), *_compared(month, currency)] for bill in found.bills for month in bill.months]
    views = [
        [name(bill.source), _month(month.billing_month), *moneys(currency, *vars(month.views).values())]
        for bill in found.bills
        for month in bill.months
        if month.views
    ]
    in_views = ("Bill", "Billing month", "Invoice", "Amortised", "Net amortised", "List price", "Usage month")
    return [
        "### Does it agree with the invoice?",
        "",
        *table(header, rows, range(2, 8)),
        *_invoices(found, currency),
        *table(in_views, views, range(2, 7)),
    ]


def _compared(month: BillMonth, currency: str) -> Sequence[str]:
    costs = moneys(currency, month.delivered, -month.left_out, month.charges, month.daily)
    difference = "none"
    if not month.agrees:
        difference = amounts.exact_money(month.difference, currency).replace("$", "\\$") if month.difference else "line items"
    return (_month(month.billing_month), f"{month.delivered_rows:,}", *costs, difference)


def _invoices(found: Reconciliation, currency: str) -> list[str]:
    if not found.invoices:
        return ["No invoice totals were given.", ""]
    rows = []
    for row in found.invoices:
        billed = "no bill loaded" if row.billed_cost is None else moneys(currency, row.billed_cost)[0]
        difference = amounts.exact_money(row.difference, currency).replace("$", "\\$") if row.difference else "none"
        named = [_month(row.billing_month), name(row.billing_account_id), name(row.invoice_id or "all of the month")]
        rows.append([*named, *moneys(currency, row.invoice_cost), billed, "" if row.difference is None else difference])
    header = ("Billing month", "Account", "Invoice", "Invoice total", "Bill", "Difference")
    return [f"{invoices_compared(found)}:", "", *table(header, rows, (3, 4, 5))]


def _month(month: str) -> str:
    return name(amounts.month_name(month))


def name(value: object) -> str:
    """Write a name or tag value that may be of any length."""
    return text(shortened(str(value), NAME_SHOWN))
