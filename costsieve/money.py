"""How money is typed and rounded. No prices and no currency conversion: nothing is ever converted silently."""

from decimal import ROUND_HALF_EVEN, Decimal

MONEY = "DECIMAL(38,12)"
"""Amounts as billed. Twelve decimals keep every digit that AWS (10) and GCP NUMERIC (9) deliver."""

CENTS = "DECIMAL(18,2)"
"""Amounts in results and reports: rounded once, when a result row is written, so that shown figures add up."""

QUANTITY = "DECIMAL(38,12)"
"""Usage amounts, exact like money so that quantity x rate can be re-computed."""

_CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """Round an amount to whole cents, half to even as DECIMAL casts in invoices do not drift that way."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_EVEN)
