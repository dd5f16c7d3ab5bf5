"""invoices.csv: what is read of it, and how a mistake in it is told."""

from decimal import Decimal
from pathlib import Path

import pytest

from costsieve.cli.configuration import load_configuration
from costsieve.errors import ConfigurationError
from costsieve.quality.invoices import read_invoices

HEADER = "billing_account_id,billing_month,currency,amount"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "invoices.csv"
    path.write_text(text, encoding=encoding)
    return path


def complaint(path: Path) -> str:
    with pytest.raises(ConfigurationError) as raised:
        read_invoices(path)
    return str(raised.value).removeprefix(str(path))


def test_no_file_means_no_invoices() -> None:
    assert read_invoices(None).is_empty()


def test_account_numbers_keep_their_leading_zeros_and_amounts_their_decimals(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}\n012345678901,2026-09,USD,1234.50\n\n012345678901,2026-08,USD,-7\n")
    columns = ["file_line", "billing_account_id", "billing_month", "currency", "amount", "smallest_unit"]
    assert read_invoices(path).select(columns).rows() == [
        (2, "012345678901", "2026-09", "USD", Decimal("1234.5"), Decimal("0.01")),
        (4, "012345678901", "2026-08", "USD", Decimal(-7), Decimal(1)),
    ]


def test_optional_columns_may_come_in_any_order_and_be_blank(tmp_path: Path) -> None:
    path = written(tmp_path, "invoice_id,amount,source,currency,billing_month,billing_account_id\n,5,org-bill,USD,2026-09,1\n", "utf-8-sig")
    assert read_invoices(path).select("source", "provider", "invoice_id").rows() == [("org-bill", None, None)]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (",2026-09,USD,5", ", column billing_account_id: '' must name the payer account"),
        ("1,2026-13,USD,5", ", column billing_month: '2026-13' must be a month such as 2026-09"),
        ("1,2026-09,usd,5", ", column currency: 'usd' must be three capital letters"),
        ('1,2026-09,USD,"1,234.50"', ", column amount: '1,234.50' must be a plain number such as 1234.56"),
        ("1,2026-09,USD,$5", ", column amount: '$5' must be a plain number"),
        ("1,2026-09,USD,1e3", ", column amount: '1e3' must be a plain number"),
        ("1,2026-09,USD", ": has another number of values than the header has columns"),
        ("1,2026-09,USD,1,5", ": has another number of values than the header has columns"),
    ],
)
def test_a_wrong_value_is_told_with_file_line_and_column(tmp_path: Path, line: str, told: str) -> None:
    assert complaint(written(tmp_path, f"{HEADER}\n1,2026-08,USD,5\n{line}\n")).startswith(f", line 3{told}")


def test_columns_that_are_missing_or_unknown_are_named_with_those_there_are(tmp_path: Path) -> None:
    told = complaint(written(tmp_path, "billing_account_id,month,currency,amount\n"))
    assert told.startswith(", line 1: the header lacks billing_month and has the unknown column month; the columns are billing_account_id,")


def test_a_file_with_semicolons_is_told_to_use_commas(tmp_path: Path) -> None:
    assert "separated by commas" in complaint(written(tmp_path, HEADER.replace(",", ";") + "\n1;2026-09;USD;5\n"))


def test_two_totals_of_one_month_are_refused_with_both_lines(tmp_path: Path) -> None:
    told = complaint(written(tmp_path, f"{HEADER}\n1,2026-09,USD,5\n1,2026-09,USD,6\n"))
    assert told.startswith(", line 3: repeats line 2.")


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    assert " cannot be read: No such file or directory" in complaint(tmp_path / "absent.csv")
    binary = tmp_path / "invoices.xlsx"
    binary.write_bytes(b"PK\x03\x04\xff\xfe")
    assert "is no CSV file in UTF-8" in complaint(binary)


def test_the_file_is_found_beside_the_configuration_and_judged_before_anything_is_loaded(tmp_path: Path) -> None:
    config = tmp_path / "costsieve.yaml"
    config.write_text("invoices: invoices.csv", encoding="utf-8")
    path = written(tmp_path, f"{HEADER}\n1,2026-09,USD,5\n")
    assert load_configuration(config).invoices == path
    written(tmp_path, f"{HEADER}\n1,2026-09,USD,five\n")
    with pytest.raises(ConfigurationError, match=r"invoices\.csv, line 2, column amount"):
        load_configuration(config)
