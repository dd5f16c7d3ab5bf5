"""invoices.csv: the invoice totals that a user gives, validated line by line. They are compared with bills in reconciliation, not here."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from costsieve.contracts.loads import INVOICES
from costsieve.errors import ConfigurationError

REQUIRED = ("billing_account_id", "billing_month", "currency", "amount")
OPTIONAL = ("source", "provider", "invoice_id")
_FORMS = {
    "billing_account_id": (r"\S.*", "must name the payer account or billing account"),
    "billing_month": (r"\d{4}-(0[1-9]|1[0-2])", "must be a month such as 2026-09"),
    "currency": (r"[A-Z]{3}", "must be three capital letters, as in USD"),
    "amount": (r"-?\d{1,20}(\.\d{1,12})?", "must be a plain number such as 1234.56, without currency, blanks or thousands separators"),
}


def read_invoices(path: Path | None) -> pl.DataFrame:
    """Return the rows of meta.invoices; no path means none.

    Raises ConfigurationError naming the file, the line (the header is line 1) and the column that is wrong.
    """
    rows = list(_rows(path)) if path else []
    _refuse_repetition(path, rows)
    return pl.DataFrame(rows, schema=INVOICES.polars_schema())


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _require_header(path, reader.fieldnames or ())
            for cells in reader:
                if any(value for value in cells.values()):
                    yield _invoice(path, reader.line_num, cells)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}. `invoices` of the configuration points to it."
        raise ConfigurationError(message) from error
    except (UnicodeDecodeError, csv.Error) as error:
        message = f"{path} is no CSV file in UTF-8: {error}. Save it as comma-separated values."
        raise ConfigurationError(message) from error


def _require_header(path: Path, names: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in (*REQUIRED, *OPTIONAL)]
    if missing or unknown:
        problems = [f"lacks {', '.join(missing)}"] * bool(missing) + [f"has the unknown column {', '.join(unknown)}"] * bool(unknown)
        known = f"columns are {', '.join(REQUIRED)}, and if needed {', '.join(OPTIONAL)}, separated by commas"
        message = f"{path}, line 1: the header {' and '.join(problems)}; the {known}."
        raise ConfigurationError(message)


def _invoice(path: Path, line: int, cells: Mapping[str | None, Any]) -> dict[str, Any]:
    if None in cells or None in cells.values():
        message = f"{path}, line {line}: has another number of values than the header has columns."
        raise ConfigurationError(message)
    values = {str(name): str(value).strip() for name, value in cells.items()}
    for column, (form, complaint) in _FORMS.items():
        if not re.fullmatch(form, values[column], re.ASCII):
            message = f"{path}, line {line}, column {column}: {values[column]!r} {complaint}."
            raise ConfigurationError(message)
    amount = Decimal(values["amount"])
    unit = Decimal(1).scaleb(-len(values["amount"].partition(".")[2]))
    optional = {name: values.get(name) or None for name in OPTIONAL}
    return {**{name: values[name] for name in REQUIRED}, **optional, "file_line": line, "amount": amount, "smallest_unit": unit}


def _refuse_repetition(path: Path | None, rows: Sequence[Mapping[str, Any]]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(row[name] for name in ("source", "provider", "billing_account_id", "billing_month", "currency", "invoice_id"))
        if key in seen:
            message = (
                f"{path}, line {row['file_line']}: repeats line {seen[key]}. Give one total per account, month and currency,"
                " or tell the invoices apart in the column invoice_id."
            )
            raise ConfigurationError(message)
        seen[key] = row["file_line"]
