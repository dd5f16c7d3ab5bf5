"""How money is typed, read and rounded. No prices and no currency conversion: nothing is ever converted silently."""

from decimal import ROUND_HALF_EVEN, Decimal

MONEY = "DECIMAL(38,12)"
"""Amounts as billed. Twelve decimals keep every digit that AWS (10) and GCP NUMERIC (9) deliver."""

CENTS = "DECIMAL(18,2)"
"""Amounts in results and reports: rounded once, when a result row is written, so that shown figures add up."""

QUANTITY = "DECIMAL(38,12)"
"""Usage amounts, exact like money so that quantity x rate can be re-computed."""

_CENT = Decimal("0.01")

_EXACT_BELOW = 4096
"""Below it a double has a decimal of twelve places to itself: half of its spacing (2^-42) and the rounding of x * 10^12 (under 2^52) stay
below half of the twelfth place. Above it a plain cast is off by up to 1E-12, from a million on by 1E-10."""


def exact_decimal(number: str, decimal_type: str = MONEY) -> str:
    """Return the SQL of a delivered number as the decimal that was written: of a double, the shortest one that reads back as it.

    Going by way of text costs twenty times a plain cast, so only amounts do that which need it. The statements under sql/sources that sum
    delivered files spell the same expression out: totals have to agree to the last decimal.
    """
    return (
        f"CASE WHEN abs(CAST({number} AS DOUBLE)) >= {_EXACT_BELOW}"
        f" THEN CAST(CAST({number} AS VARCHAR) AS {decimal_type}) ELSE CAST({number} AS {decimal_type}) END"
    )


def to_cents(amount: Decimal) -> Decimal:
    """Round an amount to whole cents, half to even as DECIMAL casts in invoices do not drift that way."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_EVEN)
