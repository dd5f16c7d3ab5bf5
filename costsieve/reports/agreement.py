"""One sentence on whether the bills agree with what was delivered and with the invoices given. Tables say the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from costsieve.reports.amounts import exact_money, month_name
from costsieve.reports.limits import NAME_SHOWN
from costsieve.reports.report_reconciliation import Bill, BillMonth, GivenInvoice, Reconciliation
from costsieve.reports.visible_text import shortened
from costsieve.reports.wording import counted

_NAMED = 3
"""Bills, months or invoices that the sentence names; the rest it counts."""


@dataclass(frozen=True)
class Agreement:
    """``agrees`` is None where nothing was compared."""

    agrees: bool | None
    sentence: str


def agreement(found: Reconciliation, currency: str) -> Agreement:
    """Say which bills were compared and how the comparison ended."""
    if not found.bills:
        return Agreement(None, "Not reconciled: no bill was compared with its delivery on this night.")
    problems = [*(_month(bill, month, currency) for bill, month in found.differing)]
    problems += [_invoice(invoice, currency) for invoice in found.differing_invoices]
    if problems:
        return Agreement(agrees=False, sentence=f"Does not agree: {_listed(problems, 'difference')}.")
    bills = _listed([_bill(bill) for bill in found.bills], "bill")
    return Agreement(agrees=True, sentence=f"Reconciled to the last decimal: {bills}.{_invoices(found)}")


def invoices_compared(found: Reconciliation) -> str | None:
    """Say how many of the given invoices could be compared; None where none was given."""
    if not found.invoices:
        return None
    compared = sum(invoice.billed_cost is not None for invoice in found.invoices)
    return f"{compared} of {counted(len(found.invoices), 'given invoice')} compared"


def _invoices(found: Reconciliation) -> str:
    compared = invoices_compared(found)
    return f" {compared}." if compared else ""


def _listed(parts: Sequence[str], noun: str) -> str:
    shown = "; ".join(parts[:_NAMED])
    return f"{shown}; {counted(len(parts) - _NAMED, f'more {noun}')}" if len(parts) > _NAMED else shown


def _bill(bill: Bill) -> str:
    periods = f", {counted(bill.period_count, 'period')}" if bill.period_count != len(bill.months) else ""
    extent = f"{counted(len(bill.months), 'billing month')}{periods}, {counted(bill.account_count, 'account')}"
    return f"{shortened(bill.source, NAME_SHOWN)} ({extent})"


def _month(bill: Bill, month: BillMonth, currency: str) -> str:
    named = f"{shortened(bill.source, NAME_SHOWN)}, {month_name(month.billing_month)}"
    what = f"costs differ from what was delivered by {exact_money(month.difference, currency)}" if month.difference else "line items differ"
    return f"{named}: {what}"


def _invoice(invoice: GivenInvoice, currency: str) -> str:
    named = f"invoice {shortened(invoice.invoice_id or invoice.billing_account_id, NAME_SHOWN)} of {month_name(invoice.billing_month)}"
    return f"{named}: the bill differs by {exact_money(invoice.difference or Decimal(0), currency)}"
