"""The part of a report that says whether the bills agree with what was delivered and invoiced. See costsieve.reports.report for the whole.

Amounts are whole cents but for differences, which keep every decimal: a difference that rounds away is still one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from costsieve.reports.limits import MONTHS_SHOWN

_ZERO = Decimal("0.00")
_SUMMED = (
    *("delivered_rows", "left_out_rows", "core_rows", "daily_rows", "differing"),
    *("delivered", "left_out", "charges", "daily", "difference"),
)


@dataclass(frozen=True)
class MonthViews:
    """A month as invoiced, amortised, net amortised and at list price; ``usage_month_cost`` is its usage, whatever invoice it is on."""

    billed: Decimal
    effective: Decimal
    net_effective: Decimal
    list_cost: Decimal
    usage_month_cost: Decimal


@dataclass(frozen=True)
class BillMonth:
    """One billing month of a bill: delivered less left out = charges = daily costs where ``differing`` (accounts and charge types) is 0.

    ``views`` is None where nothing of the delivery is counted.
    """

    billing_month: str
    delivered_rows: int
    left_out_rows: int
    core_rows: int
    daily_rows: int
    delivered: Decimal
    left_out: Decimal
    charges: Decimal
    daily: Decimal
    difference: Decimal
    differing: int
    views: MonthViews | None = None

    @property
    def agrees(self) -> bool:
        """Whether costs and line items of every account and charge type are those delivered, to the last decimal."""
        return self.differing == 0

    @property
    def is_used_in_its_month(self) -> bool:
        """Whether its invoice holds what was used in the month, neither more nor less."""
        return self.views is None or self.views.billed == self.views.usage_month_cost


@dataclass(frozen=True)
class Bill:
    """One source of bills in one currency; the newest month comes first. ``period_count`` counts what it was delivered in."""

    source: str
    providers: str | None
    account_count: int
    period_count: int
    months: tuple[BillMonth, ...]

    @property
    def recent(self) -> tuple[BillMonth, ...]:
        """The months to look at: the newest ones, and all that do not agree."""
        return tuple(month for place, month in enumerate(self.months) if place < MONTHS_SHOWN or not month.agrees)

    @property
    def earlier(self) -> tuple[BillMonth, ...]:
        """The other months."""
        return tuple(month for month in self.months[MONTHS_SHOWN:] if month.agrees)


@dataclass(frozen=True)
class GivenInvoice:
    """An invoice total that the user gave; the bill's total and the difference are None where no bill is loaded."""

    file_line: int
    billing_account_id: str
    billing_month: str
    invoice_id: str | None
    source: str | None
    invoice_cost: Decimal
    billed_cost: Decimal | None
    difference: Decimal | None


@dataclass(frozen=True)
class LeftOut:
    """Charges that ``kept_source`` delivers too: delivered, but counted once."""

    source: str
    kept_source: str
    account_count: int
    first_month: str
    last_month: str
    row_count: int
    billed_cost: Decimal


@dataclass(frozen=True)
class Reconciliation:
    """Everything of one currency that was compared."""

    bills: tuple[Bill, ...] = ()
    invoices: tuple[GivenInvoice, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def months(self) -> tuple[BillMonth, ...]:
        """The months of all bills."""
        return tuple(month for bill in self.bills for month in bill.months)

    @property
    def differing(self) -> tuple[tuple[Bill, BillMonth], ...]:
        """The months that do not agree with what was delivered."""
        return tuple((bill, month) for bill in self.bills for month in bill.months if not month.agrees)

    @property
    def differing_invoices(self) -> tuple[GivenInvoice, ...]:
        """The invoices that differ from their bill by more than their own rounding."""
        return tuple(invoice for invoice in self.invoices if invoice.difference)

    @property
    def agrees(self) -> bool | None:
        """Whether everything that was compared agrees; None where nothing was."""
        return not self.differing and not self.differing_invoices if self.bills else None


def in_total(months: Iterable[BillMonth], name: str) -> BillMonth:
    """Add up what was delivered and counted, under a name of its own."""
    total = BillMonth(name, 0, 0, 0, 0, _ZERO, _ZERO, _ZERO, _ZERO, _ZERO, 0)
    for month in months:
        total = replace(total, **{column: getattr(total, column) + getattr(month, column) for column in _SUMMED})
    return total
