"""How amounts, shares, sizes and days are written, and how rounded rows are made to add up. No HTML or Markdown here."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from costsieve.money import to_cents
from costsieve.period import Window

_CENT = Decimal("0.01")
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
_DAYS_PER_YEAR = 366
_BINARY_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
MINUS = "\u2212"
"""The typographic minus; hyphens break lines and misalign columns."""


def cents_that_add_up(amounts: Sequence[Decimal], total: Decimal | None = None) -> list[Decimal]:
    """Round ``amounts`` to cents so that they sum to ``total`` (default: the rounded sum), each within a cent of the truth.

    Largest-remainder method: floor everything, then give the missing cents to the largest remainders, the first of equals first.
    """
    if not amounts:
        return []
    goal = to_cents(sum(amounts, Decimal(0))) if total is None else total
    floors = [amount.quantize(_CENT, rounding=ROUND_FLOOR) for amount in amounts]
    missing = int((goal - sum(floors, Decimal(0))) / _CENT)
    by_remainder = sorted(range(len(amounts)), key=lambda index: (floors[index] - amounts[index], index))
    for place in range(missing):
        floors[by_remainder[place % len(floors)]] += _CENT
    return floors


def money(amount: Decimal, currency: str) -> str:
    """Write an amount with currency, thousands separators and cents: ``$1,234.50``, ``CHF 1,234.50``."""
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    sign = MINUS if amount < 0 else ""
    return f"{sign}{symbol}{abs(amount):,.2f}"


def axis_money(amount: float | Decimal, currency: str) -> str:
    """Write an amount for an axis: cents only where there are any."""
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{symbol}{amount:,.0f}" if amount == int(amount) else f"{symbol}{amount:,.2f}"


def signed_money(amount: Decimal, currency: str) -> str:
    """Write a difference with its sign; no sign where nothing changed."""
    return f"+{money(amount, currency)}" if amount > 0 else money(amount, currency)


def exact_money(amount: Decimal, currency: str) -> str:
    """Write a difference with its sign and every decimal that it has, cents at least: a difference that rounds away is still one."""
    text = signed_money(amount, currency)
    digits = f"{abs(amount):f}".partition(".")[2].rstrip("0")
    return text if len(digits) <= 2 else f"{text.rpartition('.')[0]}.{digits}"


def percent(share: Decimal | None) -> str:
    """Write a share of 0..1 with one decimal; ``unknown`` for None."""
    if share is None:
        return "unknown"
    return f"{share * 100:.1f} %".replace("-", MINUS)


def change(now: Decimal, before: Decimal | None) -> str | None:
    """Write the relative change with its sign; None where there is nothing to compare with."""
    if before is None or before <= 0:
        return None
    text = percent(now / before - 1)
    return text if text.startswith(MINUS) else f"+{text}"


def byte_size(count: float) -> str:
    """Write a number of bytes in binary units with three significant digits."""
    size, unit = float(count), 0
    while abs(size) >= 1000 and unit < len(_BINARY_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    digits = 0 if unit == 0 or abs(size) >= 100 else 1
    return f"{size:,.{digits}f} {_BINARY_UNITS[unit]}"


def long_day(day: date) -> str:
    """Write a day as ``1 October 2026``."""
    return f"{day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    """Write a day as ``1 Oct``."""
    return f"{day.day} {day:%b}"


def month_name(month: str) -> str:
    """Write a billing month as ``September 2026``; text that is no month stays as it is."""
    try:
        return f"{date.fromisoformat(f'{month}-01'):%B %Y}"
    except ValueError:
        return month


def days_of(window: Window) -> str:
    """Write a window by its first and last day: ``1 Sep to 30 Sep``; with years where it spans more than one."""
    last = date.fromordinal(window.end.toordinal() - 1)
    written = long_day if window.days > _DAYS_PER_YEAR else short_day
    return f"{written(window.start)} to {written(last)}" if last > window.start else short_day(window.start)
