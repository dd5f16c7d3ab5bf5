"""Cells of CSV files that people open in spreadsheets: text can never run as a formula. Numbers stay numbers."""

from datetime import date
from decimal import Decimal

from costsieve.reports.visible_text import visible

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: object) -> str | int | date | None:
    """Return what the CSV writer should write for ``value``.

    Amounts are written out in digits, never as 0E-12. Text that a spreadsheet would read as a formula gets a leading apostrophe (OWASP, CSV
    injection), and its invisible characters are written out. The start is judged before and after, since a spreadsheet may drop leading
    white space.
    """
    if isinstance(value, Decimal):
        return f"{value:f}"
    if value is None or isinstance(value, int | date):
        return value
    text = str(value)
    shown = visible(text)
    return f"'{shown}" if text.startswith(_FORMULA_STARTS) or shown.lstrip().startswith(_FORMULA_STARTS) else shown
